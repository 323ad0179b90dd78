import * as client from "@aws-sdk/client-secrets-manager";
import { AwsError, type CallContext, type ServiceDefinition } from "../wire/service.ts";
import { type Find, replicationOperations, statusOf } from "./replication.ts";
import { type Secret, Secrets } from "./secrets.ts";
import { addVersion, findVersion, type NewValue, refuseReplica } from "./versions.ts";

const DAY = 86_400_000;
const DEFAULT_RECOVERY_DAYS = 30;
const LARGEST_PAGE = 100;

/** Secrets Manager: secrets per region, versions with stages, replicas that follow their primary. */
export function secretsManagerService({ account }: { readonly account: string }): {
  readonly definition: ServiceDefinition;
  /** By name, by ARN or by an ARN without its end; undefined: there is none. */
  arnOf(region: string, id: string): string | undefined;
} {
  const secrets = new Secrets(account);
  /** Throws InvalidRequestException for a secret that waits for deletion. */
  const find: Find = ({ SecretId }, { region }) => {
    const secret = secrets.find(region, SecretId);
    if (!secret.deletedAt) return secret;
    throw new AwsError(
      "InvalidRequestException",
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  };
  return {
    arnOf: (region, id) => secrets.peek(region, id)?.arn,
    definition: {
      name: "secretsmanager",
      client,
      operations: {
        ...valueOperations(secrets, find),
        ...lifeOperations(secrets),
        ...replicationOperations(secrets, find),
      },
    },
  };
}

const named = ({ arn, name }: Secret) => ({ ARN: arn, Name: name });

function valueOperations(secrets: Secrets, find: Find) {
  const put = (secret: Secret, input: NewValue) => {
    refuseReplica(secret);
    const { id, stages } = addVersion(secret, input);
    return { ...named(secret), VersionId: id, VersionStages: [...stages] };
  };
  return {
    async CreateSecret(input: client.CreateSecretRequest, { region }: CallContext) {
      const secret = secrets.create(region, input.Name ?? "", input.Description);
      secret.content.tags = input.Tags ?? [];
      for (const { Region = "" } of input.AddReplicaRegions ?? [])
        secrets.replicate(secret, Region);
      return hasValue(input) ? put(secret, input) : named(secret);
    },

    async PutSecretValue(input: client.PutSecretValueRequest, context: CallContext) {
      return put(find(input, context), input);
    },

    async UpdateSecret(input: client.UpdateSecretRequest, context: CallContext) {
      const secret = find(input, context);
      refuseReplica(secret);
      if (input.Description !== undefined) secret.content.description = input.Description;
      return hasValue(input) ? put(secret, input) : named(secret);
    },

    async GetSecretValue(input: client.GetSecretValueRequest, context: CallContext) {
      const secret = find(input, context);
      const version = findVersion(secret, input.VersionId, input.VersionStage);
      return {
        ...named(secret),
        ...version.value,
        VersionId: version.id,
        VersionStages: [...version.stages],
        CreatedDate: version.createdAt,
      };
    },
  };
}

const hasValue = ({ SecretString, SecretBinary }: NewValue) =>
  SecretString !== undefined || SecretBinary !== undefined;

function lifeOperations(secrets: Secrets) {
  return {
    async DescribeSecret({ SecretId }: client.DescribeSecretRequest, { region }: CallContext) {
      const secret = secrets.find(region, SecretId);
      return { ...described(secret), ReplicationStatus: statusOf(secrets, secret) };
    },

    async ListSecrets(input: client.ListSecretsRequest, { region }: CallContext) {
      const listed = secrets.of(region).filter(({ deletedAt }) => !deletedAt);
      const from = Number(input.NextToken ?? 0);
      const to = from + Math.min(input.MaxResults ?? LARGEST_PAGE, LARGEST_PAGE);
      const more = to < listed.length ? { NextToken: String(to) } : {};
      return { SecretList: listed.slice(from, to).map(described), ...more };
    },

    async DeleteSecret(input: client.DeleteSecretRequest, { region }: CallContext) {
      const secret = secrets.find(region, input.SecretId);
      if (secrets.replicasOf(secret).length > 0)
        throw new AwsError(
          "InvalidRequestException",
          "You can't delete secret that still has replica regions.",
        );
      const days = input.RecoveryWindowInDays ?? DEFAULT_RECOVERY_DAYS;
      secret.deletedAt = new Date();
      if (input.ForceDeleteWithoutRecovery) secrets.remove(secret);
      const wait = input.ForceDeleteWithoutRecovery ? 0 : days * DAY;
      return { ...named(secret), DeletionDate: new Date(secret.deletedAt.getTime() + wait) };
    },

    async RestoreSecret({ SecretId }: client.RestoreSecretRequest, { region }: CallContext) {
      const secret = secrets.find(region, SecretId);
      secret.deletedAt = undefined;
      return named(secret);
    },
  };
}

const described = (secret: Secret) => ({
  ...named(secret),
  Description: secret.content.description,
  CreatedDate: secret.content.createdAt,
  LastChangedDate: secret.content.changedAt,
  DeletedDate: secret.deletedAt,
  PrimaryRegion: secret.primaryRegion,
  Tags: secret.content.tags,
  VersionIdsToStages: Object.fromEntries(
    secret.content.versions.map(({ id, stages }) => [id, [...stages]]),
  ),
});
