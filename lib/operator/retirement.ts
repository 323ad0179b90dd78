import {
  DeleteDBInstanceCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { clientSettings, perRegion } from "../../functions/aws/clients.ts";
import { answered, errorName } from "../../functions/aws/cloud-errors.ts";
import { rdsAnswer } from "../../functions/aws/rds-answer.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import type { Seat } from "../sla/roles.ts";

type Answer = "accepted" | "wrong-state" | "gone";

/** Deletes databases for good. Nothing that runs by itself may. */
export interface Retirement {
  unprotect(seat: Seat): Promise<Answer>;
  /** Leaves a snapshot of this name behind. */
  remove(seat: Seat, snapshot: string): Promise<Answer>;
  /** `creating`, `available`, `failed`; undefined if there is none of this name. */
  snapshot(region: string, name: string): Promise<string | undefined>;
}

export function rdsRetirement(clock: Clock): Retirement {
  const clients = perRegion((region) => new RDSClient(clientSettings(clock, { region })));
  return {
    unprotect: ({ region, database }) =>
      rdsAnswer(
        `take the protection off ${database} in ${region}`,
        clients(region).send(
          new ModifyDBInstanceCommand({
            DBInstanceIdentifier: database,
            DeletionProtection: false,
            ApplyImmediately: true,
          }),
        ),
      ),

    remove: ({ region, database }, snapshot) =>
      rdsAnswer(
        `delete ${database} in ${region}`,
        clients(region).send(
          new DeleteDBInstanceCommand({
            DBInstanceIdentifier: database,
            FinalDBSnapshotIdentifier: snapshot,
            // What can still be restored to a point in time stays as long as it was to be kept.
            DeleteAutomatedBackups: false,
          }),
        ),
      ),

    async snapshot(region, name) {
      try {
        const { DBSnapshots } = await answered(
          `describe the snapshot ${name} in ${region}`,
          clients(region).send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: name })),
        );
        return DBSnapshots?.[0]?.Status;
      } catch (cause) {
        if (errorName(cause) === "DBSnapshotNotFoundFault") return undefined;
        throw cause;
      }
    },
  };
}
