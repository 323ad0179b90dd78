import { Duration, type Stack } from "aws-cdk-lib";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { NOTIFY_FUNCTION } from "../../functions/notify/contract.ts";
import { TICKETS_FUNCTION } from "../../functions/support/contract.ts";
import { sellsReplies } from "../sla/support/ticket-sites.ts";
import { A_MINUTE, type SlaAlarm } from "./alarms.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import { helpdeskApi } from "./helpdesk-api.ts";
import type { SiteProps } from "./site.ts";
import { ticketShelfGrants } from "./ticket-grants.ts";
import { waking } from "./waking.ts";

/** Looks every minute which tickets wait for a first reply. */
class Supporting extends Construct {
  readonly tickets: BundledFunction;

  constructor(scope: Construct, id: string, site: SiteProps, ticksLost: IQueue) {
    super(scope, id);
    this.tickets = new BundledFunction(this, "Tickets", {
      name: TICKETS_FUNCTION,
      bundles: site.bundles,
      description: "Says before a reply to a ticket is missed that it will be",
      environment: site.environment,
      grants: ticketGrants(site),
      // After a cold start all tickets are read.
      timeout: Duration.seconds(55),
      memoryMb: 256,
    });
    waking(this, "Looks", {
      ...{ name: TICKETS_FUNCTION, wakes: this.tickets, ticksLost },
      expression: "rate(1 minute)",
      // The next look sees the same.
      retries: { ageSeconds: 60, attempts: 0 },
    });
  }
}

/** Of tickets: the API of the helpdesk, and at control, where somebody was sold an answer in time, who looks after them. */
export function supporting(scope: Stack, site: SiteProps, ticksLost: IQueue): readonly SlaAlarm[] {
  const { fleet, region } = site;
  const helpdesk = helpdeskApi(scope, site);
  if (region !== fleet.control || !sellsReplies(fleet)) return helpdesk;
  return [...ticketAlarms(new Supporting(scope, "Supporting", site, ticksLost)), ...helpdesk];
}

/** Reads tickets, adds to them, and hands mails over. */
const ticketGrants = (site: SiteProps) => [
  ...ticketShelfGrants(site),
  allow(
    ["lambda:InvokeFunction"],
    [`arn:aws:lambda:${site.region}:${site.fleet.provider.account}:function:${NOTIFY_FUNCTION}`],
  ),
];

const LOOKS_MISSED = 5;

const ticketAlarms = ({ tickets }: Supporting): readonly SlaAlarm[] => [
  {
    name: "tickets-silent",
    means: "For five minutes nobody has looked which tickets wait for a reply.",
    metric: tickets.function.metricInvocations(A_MINUTE),
    ...{ threshold: 1, when: "less than", minutes: LOOKS_MISSED, silence: "bad" },
  },
  {
    name: "tickets-failing",
    means: "For five minutes no look at the tickets has ended well: nobody is warned of replies.",
    metric: tickets.function.metricErrors(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: LOOKS_MISSED, silence: "good" },
  },
];
