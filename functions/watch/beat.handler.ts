import { lambdaPulse } from "../aws/lambda-pulse.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { seatedInventory } from "../aws/seated-inventory.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader, newestRoles } from "../ledger/fleet.ts";
import { beat } from "./beat.ts";
import type { TickEvent } from "./contract.ts";
import { beaten } from "./report.ts";
import { rolesAtHand } from "./roles-at-hand.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const region = env.AWS_REGION;
const ledgers = s3Ledgers({ account: env.SLA_ACCOUNT, clock });
const fleet = fleetReader(ledgers(region), env.FLEET_KEY);
const newest = newestRoles(ledgers, region, clock);
const roles = { ...newest, ...rolesAtHand(newest, clock) };
const [inventory, pulse] = [seatedInventory(clock, fleet), lambdaPulse(clock)];

export const handler = lambda(async (event: TickEvent) => {
  const report = await beat(event, await fleet(), { region, clock, roles, inventory, pulse });
  console.log(JSON.stringify({ level: "info", shard: event.shard, ...report }));
  return beaten(report);
});
