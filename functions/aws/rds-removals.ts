import { DeleteDBInstanceCommand, ModifyDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import type { Removals } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { rdsAnswer } from "./rds-answer.ts";
import { rdsModel } from "./rds-model.ts";

export function rdsRemovals(clock: Clock): Removals {
  const clients = perRegion((region) => new RDSClient(clientSettings(clock, { region })));
  return {
    model: (seat) => rdsModel(clients(seat.region), seat),

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

    remove: ({ region, database }) =>
      rdsAnswer(
        `delete the standby ${database} in ${region}`,
        clients(region).send(
          new DeleteDBInstanceCommand({
            DBInstanceIdentifier: database,
            // RDS takes no final snapshot of a replica, and wants to hear so.
            SkipFinalSnapshot: true,
            // Were it anything but a replica against all looks, its data could still be restored.
            DeleteAutomatedBackups: false,
          }),
        ),
      ),
  };
}
