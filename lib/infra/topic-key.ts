import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { allow } from "./bundled-function.ts";

/** What AWS wants of whoever publishes to an encrypted topic. */
export const PUBLISHERS_NEED = [
  "kms:Decrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
] as const;

/**
 * The key of all topics of a stack. Not AWS's own key for SNS: CloudWatch may not use that one, and
 * alarms would be lost without a word. Nothing is kept under it, so it goes with the stack.
 */
export function topicKey(scope: Construct): Key {
  const key = new Key(scope, "TopicKey", {
    alias: "alias/sla-topics",
    description: "Mails of the SLA on their way through SNS",
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
    pendingWindow: Duration.days(7),
  });
  const alarms = allow(PUBLISHERS_NEED, ["*"]);
  alarms.addPrincipals(new ServicePrincipal("cloudwatch.amazonaws.com"));
  key.addToResourcePolicy(alarms);
  return key;
}
