import { lambdaMessenger } from "../aws/lambda-messenger.ts";
import { lambdaPulse } from "../aws/lambda-pulse.ts";
import { lambdaVantages } from "../aws/lambda-vantages.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { seatedInventory } from "../aws/seated-inventory.ts";
import { sfnReprotects } from "../aws/sfn-reprotects.ts";
import { sfnStarter } from "../aws/sfn-starter.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader, newestRoles } from "../ledger/fleet.ts";
import { Addresses } from "./addresses.ts";
import type { TickEvent } from "./contract.ts";
import { accomplished } from "./report.ts";
import { watch } from "./watch.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const [account, site, clock] = [env.SLA_ACCOUNT, env.AWS_REGION, clockFrom(process.env)];
const ledgers = s3Ledgers({ account, clock });
const [fleet, roles] = [
  fleetReader(ledgers(site), env.FLEET_KEY),
  newestRoles(ledgers, site, clock),
];
const addresses = new Addresses(seatedInventory(clock, fleet));
const pulse = lambdaPulse(clock);
const eyes = { vantages: lambdaVantages(clock), pulse, gauge: pulse, addresses };
const starter = sfnStarter({ account, region: site, clock });
const [replacer, messenger] = [sfnReprotects({ account, clock }), lambdaMessenger(clock)];
const here = { site, clock, ledgers, roles, eyes, starter, replacer, messenger };

export const handler = lambda(async (event: TickEvent) =>
  accomplished(await watch(event, await fleet(), here)),
);
