import type { Here } from "../failover/world.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import { s3Ledgers } from "./s3-ledger.ts";

/** What every failover function has: its site, the ledgers, and the fleet once it is asked for. */
export function failoverHere(source: Readonly<Record<string, string | undefined>>) {
  const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, source);
  const clock = clockFrom(source);
  const region = env.AWS_REGION;
  const ledgers = s3Ledgers({ account: env.SLA_ACCOUNT, clock, site: region });
  const fleet = fleetReader(ledgers(region), env.FLEET_KEY);
  const here = async (): Promise<Here> => ({ region, ledgers, clock, fleet: await fleet() });
  return { account: env.SLA_ACCOUNT, clock, here, ledgers, region };
}
