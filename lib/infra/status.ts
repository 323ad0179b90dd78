import { CfnOutput, Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { STATUS_FUNCTION, STATUS_SECRET, type StatusEnv } from "../../functions/status/contract.ts";
import type { StatusPage } from "../sla/fleet.ts";
import type { SlaAlarm } from "./alarms.ts";
import { BundledFunction } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";
import { statusGrants } from "./status-grants.ts";
import { StatusSite } from "./status-site.ts";
import { waking } from "./waking.ts";

/** Says to the world how instances are. It stands in control, which is neither home nor standby of any of them. */
export class Status extends Construct {
  readonly status: BundledFunction;

  constructor(
    scope: Construct,
    id: string,
    { site, page, ticksLost }: { site: SiteProps; page: StatusPage; ticksLost: IQueue },
  ) {
    super(scope, id);
    const { fleet, region, bundles } = site;
    const { account } = fleet.provider;
    const { address } = new StatusSite(this, "Site", { account, region, page });
    addressSecret(this);
    const environment: StatusEnv = { ...site.environment, STATUS_ADDRESS: address };
    this.status = new BundledFunction(this, "Status", {
      name: STATUS_FUNCTION,
      bundles,
      description: "Writes status pages, where something has changed",
      environment: { ...environment },
      grants: statusGrants(fleet, region),
      timeout: Duration.minutes(1),
      // All pages of a thousand customers at once.
      memoryMb: 1024,
    });
    waking(this, "Looks", {
      ...{ name: STATUS_FUNCTION, wakes: this.status, ticksLost },
      expression: "rate(1 minute)",
      retries: { ageSeconds: 60, attempts: 0 },
    });
    // Nothing imports it: it is for the provider to read, and to tell customers.
    new CfnOutput(scope, "StatusUrl", { value: address });
  }
}

function addressSecret(scope: Construct): void {
  const secret = new Secret(scope, "Secret", {
    secretName: STATUS_SECRET,
    description: "From which the addresses of customers' status pages follow",
    generateSecretString: { excludePunctuation: true, passwordLength: 64 },
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  Validations.of(secret).acknowledge({
    id: "AwsSolutions-SMG4",
    reason:
      "Another secret gives every customer's page another address: only a person decides that.",
  });
}

/** Pages are written every quarter of an hour: after so long they are older than they say. */
const A_WHILE = { period: Duration.minutes(5) } as const;

export const statusAlarms = ({ status }: Status): readonly SlaAlarm[] => [
  {
    name: "status-silent",
    means: "For a quarter of an hour nobody has brought the status pages up to date.",
    metric: status.function.metricInvocations(A_WHILE),
    ...{ threshold: 1, when: "less than", minutes: 3, silence: "bad" },
  },
  {
    name: "status-failing",
    means: "For a quarter of an hour no status page could be brought up to date.",
    metric: status.function.metricErrors(A_WHILE),
    ...{ threshold: 4, when: "at least", minutes: 3, silence: "good" },
  },
];
