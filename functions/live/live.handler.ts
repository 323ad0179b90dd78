import { lambdaMessenger } from "../aws/lambda-messenger.ts";
import { liveWorld } from "../aws/live-world.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import type { LiveEvent } from "./contract.ts";
import { dailyLook } from "./round.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const region = env.AWS_REGION;
const ledgers = s3Ledgers({ account: env.SLA_ACCOUNT, clock, site: region });
const ledger = ledgers(region);
const read = fleetReader(ledger, env.FLEET_KEY);
const messenger = lambdaMessenger(clock);

export const handler = lambda(async (event: LiveEvent) => {
  const fleet = await read();
  const world = liveWorld({ fleet, clock, ledgers });
  const post = { region, fleet, fleetKey: env.FLEET_KEY, ledger, messenger, world };
  const record = await dailyLook(post, event);
  const { findings = [], unlooked = [] } = record ?? {};
  console.log(JSON.stringify({ level: "info", findings, unlooked }));
  return record ?? { done: true };
});
