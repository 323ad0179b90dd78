import { Duration } from "aws-cdk-lib";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import { WEBHOOK_FUNCTION } from "../../functions/webhook/contract.ts";
import type { SlaAlarm } from "./alarms.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import { secretOrNone } from "./secret-arns.ts";
import type { SiteProps } from "./site.ts";
import { failing, silent } from "./site-alarms.ts";
import { waking } from "./waking.ts";

/** Not where the fleet names no webhook. */
export const webhooks = (
  scope: Construct,
  site: SiteProps,
  ticksLost: Queue,
): readonly SlaAlarm[] =>
  site.fleet.provider.webhooks ? alarmsOf(new Webhooks(scope, "Webhooks", site, ticksLost)) : [];

/** Sends what lies in the ledger for the provider's own webhooks: at once when it is woken, else every minute. */
class Webhooks extends Construct {
  readonly rounds: BundledFunction;

  constructor(scope: Construct, id: string, site: SiteProps, ticksLost: Queue) {
    super(scope, id);
    this.rounds = new BundledFunction(this, "Rounds", {
      name: WEBHOOK_FUNCTION,
      bundles: site.bundles,
      description: "Sends signed events to the provider's own webhooks",
      environment: { ...site.environment },
      grants: webhookGrants(site),
      timeout: Duration.seconds(120),
      memoryMb: 256,
    });
    waking(this, "EveryMinute", {
      ...{ name: WEBHOOK_FUNCTION, wakes: this.rounds, ticksLost },
      expression: "rate(1 minute)",
      // The next round makes up for it.
      retries: { ageSeconds: 60, attempts: 0 },
    });
  }
}

/** Its own folder, the fleet, and the secrets that events are signed with. */
function webhookGrants({ fleet, region }: SiteProps) {
  const { account, webhooks: hooks = [] } = fleet.provider;
  const ledger = `arn:aws:s3:::${ledgerBucket(account, region)}`;
  return [
    allow(["s3:GetObject"], [`${ledger}/fleet/*`, `${ledger}/hooks/*`]),
    allow(["s3:PutObject"], [`${ledger}/hooks/*`]),
    allow(["s3:ListBucket"], [ledger]),
    allow(
      ["secretsmanager:GetSecretValue"],
      [...new Set(hooks.map(({ secret }) => secret))].flatMap((name) =>
        secretOrNone(account, region, name),
      ),
    ),
  ];
}

const alarmsOf = ({ rounds }: Webhooks): readonly SlaAlarm[] => [
  silent("webhooks-silent", rounds, "Nobody looks what is still to be sent to webhooks."),
  failing(
    "webhooks-stuck",
    rounds,
    "A webhook has not taken events for a quarter of an hour, or they were given up.",
  ),
];
