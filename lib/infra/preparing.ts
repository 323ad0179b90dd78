import { Duration } from "aws-cdk-lib";
import type { ISecurityGroup } from "aws-cdk-lib/aws-ec2";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import {
  LOOK_HOURS,
  PREPARED_FUNCTION,
  type PreparedEnv,
} from "../../functions/prepared/contract.ts";
import type { SlaAlarm } from "./alarms.ts";
import { BundledFunction } from "./bundled-function.ts";
import type { Databases } from "./databases.ts";
import type { SiteProps } from "./site.ts";
import { waking } from "./waking.ts";

const LOOK_RETRIES = 2;

interface Beside {
  readonly databases: Databases;
  /** Of the tasks that dump what is in quarantine; absent where none are made. */
  readonly tasks?: ISecurityGroup;
  readonly ticksLost: Queue;
}

/** Looks every day whether a recovery in this site's region would find all that it needs. */
export class Preparing extends Construct {
  readonly prepared: BundledFunction;

  constructor(scope: Construct, id: string, site: SiteProps, beside: Beside) {
    super(scope, id);
    const { databases, tasks, ticksLost } = beside;
    const ours = [databases.group, ...(tasks ? [tasks] : [])];
    const environment: PreparedEnv = {
      ...site.environment,
      SQL_GROUP: databases.group.securityGroupId,
      OUR_GROUPS: ours.map(({ securityGroupId }) => securityGroupId).join(","),
    };
    this.prepared = new BundledFunction(this, "Prepared", {
      name: PREPARED_FUNCTION,
      bundles: site.bundles,
      description: "Looks whether a recovery here would find all that it needs",
      environment: { ...environment },
      grants: site.grants.prepared,
      timeout: Duration.minutes(5),
      memoryMb: 512,
      // What it sees does not go stale by minutes, and the next look is half a day away.
      asyncRetries: LOOK_RETRIES,
    });
    waking(this, "Looks", {
      ...{ name: PREPARED_FUNCTION, wakes: this.prepared, ticksLost },
      expression: `rate(${LOOK_HOURS} hours)`,
      retries: { ageSeconds: 3600, attempts: 3 },
    });
  }
}

const A_DAY = { period: Duration.days(1) } as const;

export const preparedAlarms = ({ prepared }: Preparing): readonly SlaAlarm[] => [
  {
    name: "prepared-silent",
    means:
      "For a day nobody has looked whether a recovery in this region would find what it needs.",
    metric: prepared.function.metricInvocations(A_DAY),
    ...{ threshold: 1, when: "less than", minutes: 1, silence: "bad" },
  },
  {
    name: "prepared-failing",
    means: "For a day no look at what a recovery in this region would need has seen everything.",
    metric: prepared.function.metricErrors(A_DAY),
    ...{
      threshold: (24 / LOOK_HOURS) * (1 + LOOK_RETRIES),
      when: "at least",
      minutes: 1,
      silence: "good",
    },
  },
];
