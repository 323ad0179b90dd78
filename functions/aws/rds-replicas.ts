import {
  CreateDBInstanceReadReplicaCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import type { ReplicaOrder, Replicas } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";
import { rdsAnswer } from "./rds-answer.ts";
import { rdsModel } from "./rds-model.ts";
import { tagList } from "./rds-shelf.ts";

export function rdsReplicas(clock: Clock): Replicas {
  const clients = perRegion((region) => new RDSClient(clientSettings(clock, { region })));
  return {
    model: (seat) => rdsModel(clients(seat.region), seat),

    async create({ region, database }, order) {
      const command = new CreateDBInstanceReadReplicaCommand({
        DBInstanceIdentifier: database,
        ...inputOf(order),
      });
      const doing = `make ${database} in ${region}`;
      const answer = answered(doing, clients(region).send(command));
      return answer.then(() => "accepted" as const).catch(refusal);
    },

    keepBackups: ({ region, database }, days) =>
      rdsAnswer(
        `keep backups of ${database} in ${region} for ${days} days`,
        clients(region).send(
          new ModifyDBInstanceCommand({
            DBInstanceIdentifier: database,
            BackupRetentionPeriod: days,
            ApplyImmediately: true,
          }),
        ),
      ),
  };
}

/** A replica keeps no backups and is not protected unless asked; how long it keeps them, RDS takes later only. */
const inputOf = (order: ReplicaOrder) => ({
  SourceDBInstanceIdentifier: order.source,
  VpcSecurityGroupIds: [...order.groups],
  DBParameterGroupName: order.parameterGroup,
  MultiAZ: order.multiAz,
  CopyTagsToSnapshot: true,
  DeletionProtection: true,
  Tags: tagList(order.tags),
  ...(order.subnetGroup !== undefined && { DBSubnetGroupName: order.subnetGroup }),
  ...(order.kmsKey !== undefined && { KmsKeyId: order.kmsKey }),
});

/** Quotas, names, groups and keys: RDS says which, and no repeat changes it. */
function refusal(cause: unknown) {
  if (cause instanceof SlaError) throw cause;
  const name = errorName(cause);
  if (name === "DBInstanceAlreadyExistsFault") return "accepted" as const;
  if (name === "InvalidDBInstanceStateFault") return "wrong-state" as const;
  if (!isRefused(cause)) throw cause;
  return { refused: `${name}: ${cause.message}` };
}

const isRefused = (cause: unknown): cause is Error & { readonly $fault: "client" } =>
  cause instanceof Error && (cause as { $fault?: string }).$fault === "client";
