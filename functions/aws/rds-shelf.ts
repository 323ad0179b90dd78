import {
  AddTagsToResourceCommand,
  CopyDBSnapshotCommand,
  CreateDBSnapshotCommand,
  DeleteDBSnapshotCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
  type Tag,
} from "@aws-sdk/client-rds";
import type { Tags } from "../../lib/sla/backups/catalogue.ts";
import type { Clock } from "../kernel/clock.ts";
import { BACKUP_KEY } from "../reconcile/contract.ts";
import type { Copying } from "../replicate/ports.ts";
import type { Shelf } from "../restore/ports.ts";
import type { Removing, Taking } from "../snapshot/ports.ts";
import { outcome } from "./backup-outcome.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";
import { listed } from "./rds-snapshots.ts";

interface Here {
  readonly account: string;
  readonly region: string;
}

export function rdsTaking(clock: Clock, { region }: Here): Taking {
  const client = clientIn(clock, region);
  return {
    take: ({ id, database, tags }) =>
      outcome(
        id,
        `take ${id} of ${database}`,
        client.send(
          new CreateDBSnapshotCommand({
            DBSnapshotIdentifier: id,
            DBInstanceIdentifier: database,
            Tags: tagList(tags),
          }),
        ),
      ),
  };
}

export function rdsCopying(clock: Clock, { account, region }: Here): Copying {
  const client = clientIn(clock, region);
  const arn = (place: string, id: string) => `arn:aws:rds:${place}:${account}:snapshot:${id}`;
  return {
    // The SDK signs a call to the source region by itself.
    copy: ({ id, from, tags }) =>
      outcome(
        id,
        `copy ${id} from ${from}`,
        client.send(
          new CopyDBSnapshotCommand({
            SourceDBSnapshotIdentifier: arn(from, id),
            TargetDBSnapshotIdentifier: id,
            KmsKeyId: BACKUP_KEY,
            Tags: tagList(tags),
          }),
        ),
      ),

    retag: ({ id, tags }) =>
      outcome(
        id,
        `give ${id} its tags`,
        client.send(
          new AddTagsToResourceCommand({ ResourceName: arn(region, id), Tags: tagList(tags) }),
        ),
      ),
  };
}

/** Of whoever tests restores: sees a backup, and tags it with what came of its test. */
export function rdsTestShelf(clock: Clock, { account, region }: Here): Shelf {
  const client = clientIn(clock, region);
  return {
    look: rdsRemoving(clock, { account, region }).look,
    async tag(id, tags) {
      const ResourceName = `arn:aws:rds:${region}:${account}:snapshot:${id}`;
      const command = new AddTagsToResourceCommand({ ResourceName, Tags: tagList(tags) });
      await answered(`tag ${id}`, client.send(command));
    },
  };
}

export function rdsRemoving(clock: Clock, { region }: Here): Removing {
  const client = clientIn(clock, region);
  return {
    async look(id) {
      const command = new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id });
      try {
        const { DBSnapshots = [] } = await answered(`look at ${id}`, client.send(command));
        return DBSnapshots.flatMap((each) => listed(each, region))[0];
      } catch (cause) {
        if (errorName(cause) === "DBSnapshotNotFoundFault") return undefined;
        throw cause;
      }
    },

    remove: (id) =>
      outcome(
        id,
        `delete ${id}`,
        client.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id })),
      ),
  };
}

const clientIn = (clock: Clock, region: string) => new RDSClient(clientSettings(clock, { region }));

export const tagList = (tags: Tags): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
