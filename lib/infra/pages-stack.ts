import { type App, Stack } from "aws-cdk-lib";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { type IQueue, Queue } from "aws-cdk-lib/aws-sqs";
import { OPERATORS_TOPIC } from "../../functions/notify/contract.ts";
import type { Fleet } from "../sla/fleet.ts";
import { hasFunctionUrls } from "../sla/regions.ts";
import { ticketSites } from "../sla/support/ticket-sites.ts";
import { alarmsTo, type SlaAlarm } from "./alarms.ts";
import { CustomerApi, customerAlarms } from "./customer-api.ts";
import { TICKS_LOST } from "./dead-letters.ts";
import { deliverAlarms, delivering } from "./delivering.ts";
import { Downloading, downloadAlarms } from "./downloading.ts";
import { grantsOf } from "./grants.ts";
import { Looking, lookingAlarms } from "./looking.ts";
import { Reporting, reportingAlarms } from "./reporting.ts";
import type { SiteProps } from "./site.ts";
import type { StackProps } from "./site-stack.ts";
import { Status, statusAlarms } from "./status.ts";
import { supporting } from "./supporting.ts";

/** Whether customers, the helpdesk or the world are answered from a site: in control, its mirror for tickets, and the frozen region. */
export const hasPages = (fleet: Fleet, region: string): boolean =>
  region === fleet.control ||
  region === fleet.frozen?.region ||
  (fleet.provider.helpdesk !== undefined && ticketSites(fleet).includes(region));

/**
 * What others than the provider look at: status pages, reports, tickets, links to frozen copies. Nothing in it takes part in a
 * recovery, so neither its deployment nor its end touches one, and a site's own stack stays far from CloudFormation's limits.
 */
export class PagesStack extends Stack {
  constructor(app: App, { fleet, region, fleetFile, fleetKey, bundles }: StackProps) {
    const { account } = fleet.provider;
    super(app, `SlaPages-${region}`, {
      description: "hosting-sla: what customers, helpdesk and the world are answered and shown",
      env: { account, region },
      terminationProtection: true,
    });
    const environment = { SLA_ACCOUNT: account, FLEET_KEY: fleetKey };
    const site: SiteProps = {
      ...{ fleet, region, fleetFile, bundles, environment },
      grants: grantsOf(fleet, region),
      zonePolicies: [],
    };
    const ticksLost = Queue.fromQueueArn(
      this,
      "TicksLost",
      `arn:aws:sqs:${region}:${account}:${TICKS_LOST}`,
    );
    const operators: ITopic = Topic.fromTopicArn(
      this,
      "Operators",
      `arn:aws:sns:${region}:${account}:${OPERATORS_TOPIC}`,
    );
    alarmsTo(this, operators, [
      ...controlParts(this, site, ticksLost),
      ...frozenParts(this, site),
      ...deliverAlarms(delivering(this, site, ticksLost)),
      ...supporting(this, site, ticksLost),
    ]);
  }
}

/** What the world and customers are told stands in control, which is nobody's home, and so does who looks at the account; answers its alarms. */
function controlParts(scope: Stack, site: SiteProps, ticksLost: IQueue): readonly SlaAlarm[] {
  const { fleet, region } = site;
  if (region !== fleet.control) return [];
  const { status: page } = fleet;
  return [
    ...reportingAlarms(new Reporting(scope, "Reporting", site, ticksLost)),
    ...lookingAlarms(new Looking(scope, "Looking", site, ticksLost)),
    ...(page ? statusAlarms(new Status(scope, "Status", { site, page, ticksLost })) : []),
  ];
}

/** Where frozen copies are made, what leads to them stands too; answers its alarms. */
function frozenParts(scope: Stack, site: SiteProps): readonly SlaAlarm[] {
  const { fleet, region } = site;
  const { frozen, customers } = fleet;
  if (frozen?.region !== region || !hasFunctionUrls(region)) return [];
  const downloading = new Downloading(scope, "Downloading", site, frozen);
  const alarms = downloadAlarms(downloading);
  if (!customers) return alarms;
  const page = downloading.page.url;
  const api = new CustomerApi(scope, "Customers", { site, customers, page });
  return [...alarms, ...customerAlarms(api)];
}
