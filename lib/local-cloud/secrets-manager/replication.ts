import type {
  RemoveRegionsFromReplicationRequest,
  ReplicateSecretToRegionsRequest,
  StopReplicationToReplicaRequest,
} from "@aws-sdk/client-secrets-manager";
import type { CallContext } from "../wire/service.ts";
import type { Secret, Secrets } from "./secrets.ts";
import { refuseReplica } from "./versions.ts";

export type Find = (
  input: { readonly SecretId?: string | undefined },
  context: CallContext,
) => Secret;

export function replicationOperations(secrets: Secrets, find: Find) {
  return {
    async ReplicateSecretToRegions(input: ReplicateSecretToRegionsRequest, context: CallContext) {
      const secret = find(input, context);
      refuseReplica(secret);
      for (const { Region = "" } of input.AddReplicaRegions ?? [])
        secrets.replicate(secret, Region);
      return { ARN: secret.arn, ReplicationStatus: statusOf(secrets, secret) };
    },

    async RemoveRegionsFromReplication(
      input: RemoveRegionsFromReplicationRequest,
      context: CallContext,
    ) {
      const secret = find(input, context);
      const gone = new Set(input.RemoveReplicaRegions);
      for (const replica of secrets.replicasOf(secret))
        if (gone.has(replica.region)) secrets.remove(replica);
      return { ARN: secret.arn, ReplicationStatus: statusOf(secrets, secret) };
    },

    /** Called in the replica's region: it becomes a secret of its own. */
    async StopReplicationToReplica(input: StopReplicationToReplicaRequest, context: CallContext) {
      const replica = find(input, context);
      replica.primaryRegion = replica.region;
      const versions = replica.content.versions.map((version) => ({
        ...version,
        stages: new Set(version.stages),
      }));
      replica.content = { ...replica.content, versions };
      return { ARN: replica.arn };
    },
  };
}

export const statusOf = (secrets: Secrets, secret: Secret) =>
  secrets.replicasOf(secret).map(({ region }) => ({ Region: region, Status: "InSync" }));
