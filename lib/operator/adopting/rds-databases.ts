import {
  AddTagsToResourceCommand,
  CreateDBInstanceReadReplicaCommand,
  type DBInstance,
  DeleteDBInstanceCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-rds";
import { clientSettings, perRegion } from "../../../functions/aws/clients.ts";
import { answered, errorName } from "../../../functions/aws/cloud-errors.ts";
import { instanceOf } from "../../../functions/aws/rds-instance.ts";
import { seatOf } from "../../../functions/aws/rds-seats.ts";
import { tagList } from "../../../functions/aws/rds-shelf.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import { STANDBY_TAGS } from "../../sla/database-tags.ts";
import { adoptedEngine, traitsOf } from "../../sla/engine.ts";
import { databaseOf } from "../adopt/read-region.ts";
import type { Answer, DatabaseLook, Databases, StandbyOrder } from "./ports.ts";
import { MADE_NOTE } from "./standby-step.ts";

const PATIENT = { answerSeconds: 20, answerFloorMs: 5000, maxAttempts: 4 } as const;

export function rdsDatabases(clock: Clock): Databases {
  const client = perRegion(
    (region) => new RDSClient(clientSettings(clock, { region, ...PATIENT })),
  );
  return {
    async look(seat) {
      const found = await instanceOf(client(seat.region), seat);
      return found && lookOf(found);
    },

    replicate: ({ region, database }, order) =>
      answerOf(`make ${database} in ${region}`, client(region).send(replicaOf(database, order))),

    keepBackups: ({ region, database }, days) =>
      answerOf(
        `keep backups of ${database} in ${region}`,
        client(region).send(modification(database, { BackupRetentionPeriod: days })),
      ),

    unprotect: ({ region, database }) =>
      answerOf(
        `take the protection off ${database} in ${region}`,
        client(region).send(modification(database, { DeletionProtection: false })),
      ),

    remove: ({ region, database }) =>
      answerOf(`delete ${database} in ${region}`, client(region).send(deletion(database))),

    async note(region, ResourceName, key, value) {
      const asked =
        value === undefined
          ? client(region).send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: [key] }))
          : client(region).send(
              new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key: key, Value: value }] }),
            );
      await answered(`tag ${ResourceName}`, asked);
    },
  };
}

const replicaOf = (database: string, order: StandbyOrder) =>
  new CreateDBInstanceReadReplicaCommand({
    DBInstanceIdentifier: database,
    SourceDBInstanceIdentifier: order.source,
    VpcSecurityGroupIds: [...order.groups],
    DBParameterGroupName: order.parameterGroup,
    DBSubnetGroupName: order.subnetGroup,
    MultiAZ: order.multiAz,
    CopyTagsToSnapshot: true,
    DeletionProtection: true,
    Tags: tagList({ ...STANDBY_TAGS, [MADE_NOTE]: order.instance }),
    ...(order.kmsKey !== undefined && { KmsKeyId: order.kmsKey }),
  });

const modification = (
  database: string,
  change: { readonly BackupRetentionPeriod?: number; readonly DeletionProtection?: boolean },
) =>
  new ModifyDBInstanceCommand({
    ...{ DBInstanceIdentifier: database, ApplyImmediately: true },
    ...change,
  });

const deletion = (database: string) =>
  new DeleteDBInstanceCommand({
    DBInstanceIdentifier: database,
    SkipFinalSnapshot: true,
    // Were it anything but a replica against all looks, its data could still be restored.
    DeleteAutomatedBackups: false,
  });

function lookOf(found: DBInstance): DatabaseLook | undefined {
  const [survey] = databaseOf(found);
  const [seat] = seatOf(found);
  if (!survey || !seat) return undefined;
  const { instanceClass, replication } = seat;
  return {
    ...survey,
    port:
      found.Endpoint?.Port ?? found.DbInstancePort ?? traitsOf(adoptedEngine(survey.engine)).port,
    instanceClass,
    master: found.MasterUsername ?? "postgres",
    ...(replication !== undefined && { replication }),
  };
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  DBInstanceAlreadyExistsFault: "accepted",
  DBInstanceNotFoundFault: "accepted",
  InvalidDBInstanceStateFault: "busy",
};

/** A status passes; what else RDS refuses it goes on refusing. */
async function answerOf(doing: string, call: Promise<unknown>): Promise<Answer> {
  try {
    await answered(doing, call);
    return "accepted";
  } catch (cause) {
    const name = errorName(cause);
    const known = name === undefined ? undefined : ANSWERS[name];
    if (known !== undefined) return known;
    if (!isRefusal(cause)) throw cause;
    return { refused: `${name}: ${cause.message}` };
  }
}

const isRefusal = (cause: unknown): cause is Error =>
  cause instanceof Error && (cause as { $fault?: unknown }).$fault === "client";
