import { Duration, Stack } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Key } from "aws-cdk-lib/aws-kms";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { OPERATORS_TOPIC } from "../../functions/notify/contract.ts";
import { allow } from "./bundled-function.ts";

export interface SlaAlarm {
  /** Also the anchor of its section in docs/runbook.md. */
  readonly name: string;
  readonly means: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly when: "at least" | "less than";
  /** Periods of the metric in a row: minutes, unless it says otherwise. */
  readonly minutes: number;
  /** What no data says. */
  readonly silence: "good" | "bad";
}

export interface Operators {
  /** Mail address. */
  readonly contact: string;
  readonly key: Key;
}

/** Alarms of one region, mailed to the provider past all our own functions. Each names its runbook section. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, to: Operators, alarms: readonly SlaAlarm[]) {
    super(scope, id);
    const operators = new Topic(this, "Operators", {
      topicName: OPERATORS_TOPIC,
      enforceSSL: true,
      masterKey: to.key,
    });
    const publish = allow(["sns:Publish"], [operators.topicArn], {
      StringEquals: { "aws:SourceAccount": Stack.of(this).account },
    });
    publish.addPrincipals(new ServicePrincipal("cloudwatch.amazonaws.com"));
    operators.addToResourcePolicy(publish);
    operators.addSubscription(new EmailSubscription(to.contact));
    alarmsTo(this, operators, alarms);
  }
}

/** The same of another stack of that region, whose topic it is. */
export function alarmsTo(scope: Construct, operators: ITopic, alarms: readonly SlaAlarm[]): void {
  for (const alarm of alarms) {
    const made = new Alarm(scope, alarm.name, {
      alarmName: `sla-${alarm.name}`,
      alarmDescription: `${alarm.means} Runbook: docs/runbook.md#${alarm.name}`,
      metric: alarm.metric,
      threshold: alarm.threshold,
      comparisonOperator:
        alarm.when === "at least"
          ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
          : ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: alarm.minutes,
      treatMissingData:
        alarm.silence === "bad" ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    made.addAlarmAction(new SnsAction(operators));
  }
}

export const A_MINUTE = { period: Duration.minutes(1) } as const;
