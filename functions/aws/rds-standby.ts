import { PromoteReadReplicaCommand, RDSClient } from "@aws-sdk/client-rds";
import type { Standby } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { rdsAnswer } from "./rds-answer.ts";

export function rdsStandby(clock: Clock): Standby {
  // One attempt: whether a repeat is safe is for the step to say, which has written down that it asked.
  const clients = perRegion(
    (region) => new RDSClient(clientSettings(clock, { region, maxAttempts: 1 })),
  );
  return {
    promote: ({ region, database }, { backupRetentionDays }) =>
      rdsAnswer(
        `promote ${database} in ${region}`,
        clients(region).send(
          new PromoteReadReplicaCommand({
            DBInstanceIdentifier: database,
            // Left out, RDS sets 1; from or to 0 would take the database offline for a backup.
            BackupRetentionPeriod: backupRetentionDays,
          }),
        ),
      ),
  };
}
