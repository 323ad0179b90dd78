import { rdsRestores } from "../aws/rds-restores.ts";
import { rdsTestShelf } from "../aws/rds-shelf.ts";
import { remoteReader } from "../aws/remote-reader.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { secretsHere } from "../aws/secrets.ts";
import { sfnRestoreTests } from "../aws/sfn-restore-tests.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import type { TestRequest } from "./contract.ts";
import { RESTORE } from "./restore-steps.ts";
import { type StepEvent, take } from "./step.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const here = { account: env.SLA_ACCOUNT, region: env.AWS_REGION };
const ledgers = s3Ledgers({ account: env.SLA_ACCOUNT, clock });
const fleet = fleetReader(ledgers(env.AWS_REGION), env.FLEET_KEY);
const ports = {
  ...{ region: env.AWS_REGION, ledgers, clock },
  shelf: rdsTestShelf(clock, here),
  restores: rdsRestores(clock, here, secretsHere(clock)),
  reader: remoteReader(clock, env.AWS_REGION),
};

const begin = sfnRestoreTests(clock, here);

/** Steps of the machine; or tests that are to begin. */
export const handler = lambda(async (event: StepEvent | TestRequest) =>
  "tests" in event ? begin(event) : take(RESTORE, { ...ports, fleet: await fleet() }, event),
);
