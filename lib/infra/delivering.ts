import { Duration } from "aws-cdk-lib";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import {
  DELIVER_FUNCTION,
  DELIVER_MINUTES,
  DELIVER_SECONDS,
  type DeliverEnv,
  deliverRole,
} from "../../functions/deliver/contract.ts";
import { filesBucket } from "../../functions/files/contract.ts";
import { FILES, FREEZE_FUNCTION, frozenBucket } from "../../functions/freeze/contract.ts";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import { NOTIFY_FUNCTION } from "../../functions/notify/contract.ts";
import type { Frozen } from "../sla/fleet.ts";
import { DELIVERIES_AT_ONCE } from "../sla/quotas.ts";
import { secretPatterns } from "../sla/secret-patterns.ts";
import type { SlaAlarm } from "./alarms.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import { secretOrNone } from "./secret-arns.ts";
import type { SiteProps } from "./site.ts";
import { waking } from "./waking.ts";

const RETRIES = 1;

interface DeliveringProps {
  readonly site: SiteProps;
  readonly frozen: Frozen;
  readonly ticksLost: IQueue;
}

/** Where frozen copies are made, if any customer has a destination. */
export function delivering(
  scope: Construct,
  site: SiteProps,
  ticksLost: IQueue,
): Delivering | undefined {
  const { frozen, instances } = site.fleet;
  const isWanted = instances.some(({ destination }) => destination !== undefined);
  if (frozen?.region !== site.region || !isWanted) return undefined;
  return new Delivering(scope, "Delivering", { site, frozen, ticksLost });
}

/** Sends frozen copies to the customers' own destinations. Outside the VPC, from which nothing leads to them. */
class Delivering extends Construct {
  readonly deliver: BundledFunction;

  constructor(scope: Construct, id: string, { site, frozen, ticksLost }: DeliveringProps) {
    super(scope, id);
    const { region, environment } = site;
    const own: DeliverEnv = { ...environment, FROZEN_BUCKET: frozenBucket(frozen.account, region) };
    this.deliver = new BundledFunction(this, "Deliver", {
      name: DELIVER_FUNCTION,
      roleName: deliverRole(region),
      bundles: site.bundles,
      description: "Sends dumps to the customers' own destinations, encrypted",
      environment: { ...own },
      grants: deliverGrants(site, own.FROZEN_BUCKET),
      timeout: Duration.seconds(DELIVER_SECONDS),
      // One whole processor, which is what encrypts.
      memoryMb: 1769,
      reserved: DELIVERIES_AT_ONCE,
      // Whoever finds all of them taken waits in Lambda's queue for an hour, until the next look, instead of a minute.
      asyncRetries: RETRIES,
    });
    waking(this, "Looks", {
      ...{ name: DELIVER_FUNCTION, wakes: this.deliver, ticksLost },
      expression: `rate(${DELIVER_MINUTES / 60} hour)`,
      // The next look does what this one did not.
      retries: { ageSeconds: 60, attempts: 0 },
    });
  }
}

/** Reads dumps and nothing else that is frozen; opens the secrets of destinations and no others. */
function deliverGrants({ fleet, region }: SiteProps, bucket: string) {
  const { account } = fleet.provider;
  const ledger = `arn:aws:s3:::${ledgerBucket(account, region)}`;
  const own = [`${ledger}/deliveries/*`, `${ledger}/delivering/*`];
  const files = `arn:aws:s3:::${filesBucket(account, region)}`;
  const sendsFiles = fleet.instances.some(({ destination }) => destination?.files);
  const secrets = fleet.instances.flatMap(({ destination }) => destination?.secret ?? []);
  return [
    allow(["s3:GetObject"], [`${ledger}/fleet/*`, `${ledger}/left/*`, ...own]),
    allow(["s3:PutObject"], own),
    // Without it S3 answers 403 instead of 404 for a key that is not there yet.
    allow(["s3:ListBucket"], [ledger]),
    allow(["s3:GetObject"], [`arn:aws:s3:::${bucket}/*/${FILES.dump}`]),
    ...(sendsFiles
      ? [
          allow(["s3:GetObject"], [`${files}/manifests/*`]),
          allow(["s3:GetObjectVersion"], [`${files}/files/*`]),
          // As of the ledger: a manifest that is still to come is no refusal.
          allow(["s3:ListBucket"], [files]),
        ]
      : []),
    allow(
      ["secretsmanager:GetSecretValue"],
      secretPatterns(secrets, 2).flatMap((name) => secretOrNone(account, region, name)),
    ),
    allow(
      ["lambda:InvokeFunction"],
      [DELIVER_FUNCTION, FREEZE_FUNCTION, NOTIFY_FUNCTION].map(
        (name) => `arn:aws:lambda:${region}:${account}:function:${name}`,
      ),
    ),
  ];
}

const LOOKS = 3;
const SOME_LOOKS = { period: Duration.minutes(LOOKS * DELIVER_MINUTES) } as const;

/** What a destination does wrong is mailed; these are for what is ours. */
export const deliverAlarms = (delivering: Delivering | undefined): readonly SlaAlarm[] =>
  delivering ? alarmsOf(delivering) : [];

const alarmsOf = ({ deliver }: Delivering): readonly SlaAlarm[] => [
  {
    name: "deliveries-silent",
    means: "For three hours nobody has looked what is still to be sent to customers.",
    metric: deliver.function.metricInvocations(SOME_LOOKS),
    ...{ threshold: 1, when: "less than", minutes: 1, silence: "bad" },
  },
  {
    name: "deliveries-failing",
    means: "Looks at what is to be sent to customers end with an error of ours.",
    metric: deliver.function.metricErrors(SOME_LOOKS),
    ...{ threshold: LOOKS * (1 + RETRIES), when: "at least", minutes: 1, silence: "good" },
  },
];
