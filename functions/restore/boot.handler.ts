import { ec2TestImages } from "../aws/ec2-test-images.ts";
import { ec2TestMachines } from "../aws/ec2-test-machines.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { sfnRestoreTests } from "../aws/sfn-restore-tests.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import type { TestRequest } from "./contract.ts";
import { IMAGE_TEST_MACHINE } from "./image-contract.ts";
import { BOOT } from "./image-steps.ts";
import { type StepEvent, take } from "./step.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const here = { account: env.SLA_ACCOUNT, region: env.AWS_REGION };
const ledgers = s3Ledgers({ account: env.SLA_ACCOUNT, clock });
const fleet = fleetReader(ledgers(env.AWS_REGION), env.FLEET_KEY);
const ports = {
  ...{ region: env.AWS_REGION, ledgers, clock },
  ...{ images: ec2TestImages(clock, here), machines: ec2TestMachines(clock, here) },
};

const begin = sfnRestoreTests(clock, here, IMAGE_TEST_MACHINE);

/** Steps of the machine; or tests that are to begin. */
export const handler = lambda(async (event: StepEvent | TestRequest) =>
  "tests" in event ? begin(event) : take(BOOT, { ...ports, fleet: await fleet() }, event),
);
