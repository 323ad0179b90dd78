import type { GetSecretValueResponse } from "@aws-sdk/client-secrets-manager";
import type { ServiceDefinition } from "../wire/service.ts";

/** What a container names: a secret's ARN, and of its JSON a key, then stage and version. */
const VALUE_FROM =
  /^(?<arn>arn:aws:secretsmanager:[^:]+:\d+:secret:[^:]+)(?::(?<key>[^:]*))?(?::(?<stage>[^:]*))?(?::(?<version>[^:]*))?$/;

/** What is asked of Secrets Manager for it. @throws Error for what is no secret's ARN */
export function secretInput(valueFrom: string) {
  const { arn, stage, version } = VALUE_FROM.exec(valueFrom)?.groups ?? {};
  if (arn === undefined) throw new Error(`${valueFrom} is not the ARN of a secret`);
  return {
    SecretId: arn,
    ...(stage && { VersionStage: stage }),
    ...(version && { VersionId: version }),
  };
}

/** The text of a secret, or of one key of it, as Fargate puts it into a container's environment. */
export async function secretText(
  { operations }: ServiceDefinition,
  region: string,
  valueFrom: string,
): Promise<string> {
  const input = secretInput(valueFrom);
  const key = VALUE_FROM.exec(valueFrom)?.groups?.["key"];
  const context = { region, requestId: "ecs" };
  const found = (await operations["GetSecretValue"]?.(input, context)) as GetSecretValueResponse;
  const text = found.SecretString ?? "";
  if (!key) return text;
  const value = (JSON.parse(text) as Readonly<Record<string, unknown>>)[key];
  if (value === undefined) throw new Error(`${input.SecretId} has no key ${key}`);
  return String(value);
}
