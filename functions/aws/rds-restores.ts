import {
  type DBInstance,
  DeleteDBInstanceCommand,
  ModifyDBInstanceCommand,
  paginateDescribeDBInstances,
  RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
} from "@aws-sdk/client-rds";
import type { Seat } from "../../lib/sla/roles.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { RESTORE_SECRET } from "../restore/contract.ts";
import type { Discards, Restored, RestoreOrder, Restores } from "../restore/ports.ts";
import type { Secrets } from "../sql/server.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";
import { rdsAnswer } from "./rds-answer.ts";
import { instanceOf } from "./rds-instance.ts";
import { tagsIn } from "./rds-registry.ts";
import { tagList } from "./rds-shelf.ts";

interface Here {
  readonly region: string;
}

export function rdsRestores(clock: Clock, { region }: Here, secrets: Secrets): Restores {
  const client = new RDSClient(clientSettings(clock, { region }));
  return {
    describe: (database) => described(client, { region, database }),

    async restore(order) {
      const command = new RestoreDBInstanceFromDBSnapshotCommand(inputOf(order));
      const answer = answered(`restore ${order.backup} to ${order.database}`, client.send(command));
      return answer.then(() => "accepted" as const).catch(restoreRefusal);
    },

    open: (database) => giveMasterPassword(client, database, secrets),
  };
}

/** The one that our functions know; what a backup holds is of its day. */
export async function giveMasterPassword(client: RDSClient, database: string, secrets: Secrets) {
  return rdsAnswer(
    `give ${database} a new password`,
    client.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: database,
        MasterUserPassword: passwordIn(await secrets.read(RESTORE_SECRET)),
        ApplyImmediately: true,
      }),
    ),
  );
}

export function rdsDiscards(clock: Clock, { region }: Here): Discards {
  const client = new RDSClient(clientSettings(clock, { region }));
  return {
    describe: (database) => described(client, { region, database }),

    async list(prefix) {
      const pages = paginateDescribeDBInstances({ client, pageSize: 100 }, {});
      const all = await answered("list restored databases", Array.fromAsync(pages));
      return all.flatMap(({ DBInstances = [] }) =>
        DBInstances.flatMap((each) => {
          const database = each.DBInstanceIdentifier;
          return database?.startsWith(prefix) ? [{ database, ...restored(each) }] : [];
        }),
      );
    },

    remove: (database) =>
      rdsAnswer(
        `delete ${database}`,
        client.send(
          new DeleteDBInstanceCommand({
            DBInstanceIdentifier: database,
            SkipFinalSnapshot: true,
            DeleteAutomatedBackups: true,
          }),
        ),
      ),
  };
}

/** It keeps no backups of its own: the first of them would make everybody wait. */
const inputOf = (order: RestoreOrder) => ({
  DBInstanceIdentifier: order.database,
  DBSnapshotIdentifier: order.backup,
  DBSubnetGroupName: order.subnetGroup,
  DBParameterGroupName: order.parameterGroup,
  VpcSecurityGroupIds: [...order.groups],
  BackupRetentionPeriod: 0,
  MultiAZ: false,
  PubliclyAccessible: false,
  DeletionProtection: false,
  CopyTagsToSnapshot: false,
  Tags: tagList(order.tags),
});

export async function described(client: RDSClient, seat: Seat): Promise<Restored | undefined> {
  const found = await instanceOf(client, seat);
  return found && restored(found);
}

const restored = (db: DBInstance): Restored => ({
  status: db.DBInstanceStatus ?? "unknown",
  ...(db.Endpoint?.Address !== undefined && {
    endpoint: { host: db.Endpoint.Address, port: db.Endpoint.Port ?? 5432 },
  }),
  ...(db.MasterUsername !== undefined && { masterUsername: db.MasterUsername }),
  tags: tagsIn(db),
});

/** Asked again is asked; what passes and what does not. */
export function restoreRefusal(cause: unknown) {
  if (cause instanceof SlaError && cause.code !== "CloudRefused") throw cause;
  const name = errorName(cause);
  if (name === "DBInstanceAlreadyExistsFault") return "accepted" as const;
  if (name === "InvalidDBSnapshotStateFault") return "wrong-state" as const;
  if (!(cause instanceof Error) || (cause as { $fault?: string }).$fault === "server") throw cause;
  return { refused: `${name ?? cause.name}: ${cause.message}` };
}

function passwordIn(text: string): string {
  try {
    const { password } = JSON.parse(text) as { password?: unknown };
    if (typeof password === "string") return password;
  } catch {
    // Told below; the text itself must not reach a log.
  }
  throw new SlaError(
    "BadSecret",
    "operator",
    `secret ${RESTORE_SECRET}: expected {"password": "…"}`,
  );
}
