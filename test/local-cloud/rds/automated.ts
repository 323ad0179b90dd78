import {
  DescribeDBInstanceAutomatedBackupsCommand,
  type DescribeDBInstanceAutomatedBackupsCommandInput,
  RestoreDBInstanceToPointInTimeCommand,
  type RestoreDBInstanceToPointInTimeCommandInput,
} from "@aws-sdk/client-rds";
import { expect, vi } from "vitest";
import { backupsOf, WITHIN } from "./backups.ts";
import { type Cloud, HOME } from "./cloud.ts";

/** What the tests of automated backups say to one cloud. */
export function automatedOf(cloud: Cloud) {
  const { instance } = backupsOf(cloud);
  return {
    async automated(input: DescribeDBInstanceAutomatedBackupsCommandInput = {}, region = HOME) {
      const command = new DescribeDBInstanceAutomatedBackupsCommand(input);
      const { DBInstanceAutomatedBackups = [] } = await cloud.client(region).send(command);
      return DBInstanceAutomatedBackups;
    },
    /** Waits until the instance can be restored to a moment. */
    reaches: (id: string, at: Date) =>
      vi.waitFor(async () => {
        const { LatestRestorableTime } = await instance(HOME, id);
        expect(Number(LatestRestorableTime ?? 0)).toBeGreaterThan(Number(at));
      }, WITHIN),
    async restore(
      id: string,
      input: Partial<RestoreDBInstanceToPointInTimeCommandInput>,
      region = HOME,
    ) {
      const command = new RestoreDBInstanceToPointInTimeCommand({
        TargetDBInstanceIdentifier: id,
        BackupRetentionPeriod: 0,
        ...input,
      });
      const { DBInstance } = await cloud.client(region).send(command);
      await cloud.rds.settled(region, id);
      return DBInstance;
    },
    /** When the server itself says it is. */
    async now(id: string): Promise<Date> {
      const [row] = await cloud.rds.adminQuery(HOME, id, "select clock_timestamp() as now");
      return row?.["now"] as Date;
    },
    query: (id: string, text: string, region = HOME) => cloud.rds.adminQuery(region, id, text),
  };
}
