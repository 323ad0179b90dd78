import { Duration, type Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import { HELPDESK_FUNCTION, HELPDESK_ROUTES } from "../../functions/support/contract.ts";
import type { Helpdesk } from "../sla/fleet.ts";
import { HELPDESK_AT_ONCE } from "../sla/quotas.ts";
import { ticketSites } from "../sla/support/ticket-sites.ts";
import type { SlaAlarm } from "./alarms.ts";
import { BundledFunction } from "./bundled-function.ts";
import { jwtApi } from "./jwt-api.ts";
import type { SiteProps } from "./site.ts";
import { ticketShelfGrants } from "./ticket-grants.ts";

/** What the provider's helpdesk records tickets with. */
class HelpdeskApi extends Construct {
  readonly answer: BundledFunction;

  constructor(scope: Stack, id: string, site: SiteProps, helpdesk: Helpdesk) {
    super(scope, id);
    this.answer = new BundledFunction(this, "Answer", {
      name: HELPDESK_FUNCTION,
      onlyAnswers: true,
      bundles: site.bundles,
      description: "Answers the helpdesk about tickets",
      environment: site.environment,
      grants: ticketShelfGrants(site),
      // API Gateway waits for half a minute.
      timeout: Duration.seconds(29),
      reserved: HELPDESK_AT_ONCE,
      memoryMb: 256,
    });
    jwtApi(this, {
      ...{ name: HELPDESK_FUNCTION, answer: this.answer, routes: HELPDESK_ROUTES },
      description: "hosting-sla: the helpdesk records tickets and their first replies",
      ...{ issuer: helpdesk.issuer, audience: helpdesk.audience, scopes: [helpdesk.scope] },
      output: { stack: scope, name: "HelpdeskApiUrl" },
    });
  }
}

/** Where tickets are kept, so that one region lost is no helpdesk lost; answers its alarms. */
export function helpdeskApi(scope: Stack, site: SiteProps): readonly SlaAlarm[] {
  const { fleet, region } = site;
  const { helpdesk } = fleet.provider;
  if (!helpdesk || !ticketSites(fleet).includes(region)) return [];
  const { answer } = new HelpdeskApi(scope, "Helpdesk", site, helpdesk);
  return [
    {
      name: "helpdesk-failing",
      means: "The helpdesk has said something of a ticket and got an error.",
      metric: answer.function.metricErrors({ period: Duration.hours(1) }),
      ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
    },
  ];
}
