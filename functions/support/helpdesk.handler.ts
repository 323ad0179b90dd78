import { ticketSites } from "../../lib/sla/support/ticket-sites.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import type { ApiRequest } from "../kernel/http-api.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import { answerHelpdesk, type HelpdeskDesk } from "./helpdesk.ts";
import { keptTickets } from "./tickets.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const ledgers = s3Ledgers({ account: env.SLA_ACCOUNT, clock, site: env.AWS_REGION });
const read = fleetReader(ledgers(env.AWS_REGION), env.FLEET_KEY);
let desk: HelpdeskDesk | undefined;

export const handler = lambda(async (request: ApiRequest) => {
  const fleet = await read();
  const shelves = ticketSites(fleet).map((region) => ({ region, ledger: ledgers(region) }));
  desk ??= { fleet, shelves, tickets: keptTickets(shelves), clock };
  return await answerHelpdesk(request, desk);
});
