import {
  type DBInstanceAutomatedBackup,
  paginateDescribeDBInstanceAutomatedBackups,
  RDSClient,
} from "@aws-sdk/client-rds";
import type { AutomatedBackup } from "../../lib/sla/backups/log-book.ts";
import type { Clock } from "../kernel/clock.ts";
import type { AutomatedBackups } from "../reconcile/ports.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

/** A list is read page by page; one page may take its time. */
const SETTINGS = { answerSeconds: 20, answerFloorMs: 10_000 };

export function rdsAutomatedBackups(clock: Clock): AutomatedBackups {
  const clients = perRegion(
    (region) => new RDSClient(clientSettings(clock, { ...SETTINGS, region })),
  );
  return {
    async list(region) {
      const pages = paginateDescribeDBInstanceAutomatedBackups(
        { client: clients(region), pageSize: 100 },
        {},
      );
      const doing = `list the automated backups of ${region}`;
      const all = await answered(doing, Array.fromAsync(pages));
      return all.flatMap(({ DBInstanceAutomatedBackups = [] }) =>
        DBInstanceAutomatedBackups.flatMap((each) => automated(each, region)),
      );
    },
  };
}

/** As RDS shows it; nothing that does not say what it is of. */
function automated(backup: DBInstanceAutomatedBackup, region: string): AutomatedBackup[] {
  const { DBInstanceArn: arn = "", Status: status = "unknown", RestoreWindow: window } = backup;
  const [, , , from, , , database] = arn.split(":");
  if (!(from && database)) return [];
  const latest = window?.LatestTime?.toISOString();
  const tags = (backup.TagList ?? []).map(({ Key = "", Value = "" }) => [Key, Value]);
  return [
    {
      ...{ region, status, source: { region: from, database } },
      ...(latest !== undefined && { latest }),
      tags: Object.fromEntries(tags),
    },
  ];
}
