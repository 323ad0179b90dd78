import {
  type DBInstanceAutomatedBackup,
  paginateDescribeDBInstanceAutomatedBackups,
  RDSClient,
} from "@aws-sdk/client-rds";
import type { Kept, LogWindow } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";
import { rdsSnapshots } from "./rds-snapshots.ts";

/** A list is read page by page; one page may take its time. */
const SETTINGS = { answerSeconds: 20, answerFloorMs: 10_000 };

/** What a region holds that an instance can be brought back from. */
export function rdsKept(clock: Clock, region: string): Kept {
  const client = new RDSClient(clientSettings(clock, { ...SETTINGS, region }));
  const snapshots = rdsSnapshots(clock);
  return {
    backups: () => snapshots.list(region),

    async logs() {
      const pages = paginateDescribeDBInstanceAutomatedBackups({ client, pageSize: 100 }, {});
      const doing = `list the automated backups of ${region}`;
      const all = await answered(doing, Array.fromAsync(pages));
      return all.flatMap(({ DBInstanceAutomatedBackups = [] }) =>
        DBInstanceAutomatedBackups.flatMap(windowIn),
      );
    },
  };
}

/** Nothing that cannot be restored yet, or does not say what it is of. */
function windowIn(backup: DBInstanceAutomatedBackup): LogWindow[] {
  const { DBInstanceArn: arn = "", RestoreWindow: window, Status: status = "unknown" } = backup;
  const { DBInstanceAutomatedBackupsArn: archive = "" } = backup;
  const [, , , region, , , database] = arn.split(":");
  const { EarliestTime: earliest, LatestTime: latest } = window ?? {};
  if (!(region && database && earliest && latest)) return [];
  const [first, last] = [earliest.toISOString(), latest.toISOString()];
  return [{ database, region, status, archive, earliest: first, latest: last }];
}
