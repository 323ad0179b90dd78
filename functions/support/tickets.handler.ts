import { ticketSites } from "../../lib/sla/support/ticket-sites.ts";
import { lambdaMessenger } from "../aws/lambda-messenger.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import { someAnswered, ticketPass } from "./pass.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const ledgers = s3Ledgers({ account: env.SLA_ACCOUNT, clock, site: env.AWS_REGION });
const fleet = fleetReader(ledgers(env.AWS_REGION), env.FLEET_KEY);
const messenger = lambdaMessenger(clock);
let pass: ReturnType<typeof ticketPass> | undefined;

export const handler = lambda(async () => {
  const known = await fleet();
  const shelves = ticketSites(known).map((region) => ({ region, ledger: ledgers(region) }));
  pass ??= ticketPass({ fleet: known, shelves, messenger, clock });
  const report = await pass();
  console.log(JSON.stringify({ level: "info", ...report }));
  return someAnswered(report, shelves.length);
});
