import { lambdaMessenger } from "../aws/lambda-messenger.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import { exchange } from "./round.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const site = env.AWS_REGION;
const ledgers = s3Ledgers({ account: env.SLA_ACCOUNT, clock });
const fleet = fleetReader(ledgers(site), env.FLEET_KEY);
const round = exchange({ site, ledgers, clock, messenger: lambdaMessenger(clock) });

export const handler = lambda(async () => {
  const rung = await round(await fleet());
  if (rung.called.length + rung.over.length > 0) {
    console.log(JSON.stringify({ level: "info", ...rung }));
  }
  return rung;
});
