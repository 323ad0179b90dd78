import {
  RDSClient,
  StartDBInstanceAutomatedBackupsReplicationCommand,
  StopDBInstanceAutomatedBackupsReplicationCommand,
} from "@aws-sdk/client-rds";
import type { Source } from "../../lib/sla/backups/log-book.ts";
import type { Clock } from "../kernel/clock.ts";
import { BACKUP_KEY } from "../reconcile/contract.ts";
import type { Shipping } from "../ship/ports.ts";
import { outcome } from "./backup-outcome.ts";
import { clientSettings } from "./clients.ts";

/** Replications into the own region. */
export function rdsShipping(
  clock: Clock,
  { account, region }: { readonly account: string; readonly region: string },
): Shipping {
  const client = new RDSClient(clientSettings(clock, { region }));
  const arn = (of: Source) => `arn:aws:rds:${of.region}:${account}:db:${of.database}`;
  return {
    // The SDK signs a call to the source region by itself.
    start: ({ source, days, tags }) =>
      outcome(
        source.database,
        `replicate the automated backups of ${source.database} from ${source.region}`,
        client.send(
          new StartDBInstanceAutomatedBackupsReplicationCommand({
            SourceDBInstanceArn: arn(source),
            BackupRetentionPeriod: days,
            KmsKeyId: BACKUP_KEY,
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          }),
        ),
      ),

    stop: ({ source }) =>
      outcome(
        source.database,
        `end the replication of ${source.database} from ${source.region}`,
        client.send(
          new StopDBInstanceAutomatedBackupsReplicationCommand({
            SourceDBInstanceArn: arn(source),
          }),
        ),
      ),
  };
}
