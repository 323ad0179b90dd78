import { Route53Client } from "@aws-sdk/client-route-53";
import { clientSettings } from "../../../functions/aws/clients.ts";
import { turnstile } from "../../../functions/failover/turnstile.ts";
import type { Access } from "../access.ts";
import { careBy } from "./care.ts";
import { madeSecrets } from "./made-secrets.ts";
import type { AdoptWorld } from "./ports.ts";
import { rdsDatabases } from "./rds-databases.ts";
import { rdsMadeGroups } from "./rds-made-groups.ts";
import type { Through } from "./reach.ts";
import { primaryServer } from "./server.ts";
import { stopDesk } from "./stop-desk.ts";
import { zoneDesk } from "./zone-desk.ts";

/** Of the five calls a second that an account has: failovers need theirs. */
const CALLS_A_SECOND = 3;

/** The account itself. Route 53 lives in us-east-1, whatever region asks. */
export function adoptWorld(access: Access, through?: Through): AdoptWorld {
  const { clock, ledgers } = access;
  const patient = { region: "us-east-1", answerSeconds: 20, answerFloorMs: 5000, maxAttempts: 4 };
  const route53 = new Route53Client(clientSettings(clock, patient));
  const turn = turnstile(clock, CALLS_A_SECOND);
  return {
    clock,
    databases: rdsDatabases(clock),
    groups: rdsMadeGroups(clock),
    secrets: madeSecrets(clock),
    server: primaryServer(clock, through),
    zones: zoneDesk(route53, clock, turn),
    stops: stopDesk(route53, clock, ledgers, turn),
    care: careBy(access),
  };
}
