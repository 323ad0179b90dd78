import { frozenSeals } from "../aws/frozen-seals.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import type { SealsQuestion } from "./contract.ts";
import { shownSeals } from "./shown-seals.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const site = env.AWS_REGION;
const fleet = fleetReader(s3Ledgers({ account: env.SLA_ACCOUNT, clock })(site), env.FLEET_KEY);

export const handler = lambda(async (question: SealsQuestion) => {
  const { frozen } = await fleet();
  return shownSeals(frozen && frozenSeals(clock, frozen), site, question);
});
