import { ModifyDBInstanceCommand, RDSClient, RebootDBInstanceCommand } from "@aws-sdk/client-rds";
import type { Fence } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { rdsAnswer } from "./rds-answer.ts";

export function rdsFence(clock: Clock): Fence {
  const clients = perRegion((region) => new RDSClient(clientSettings(clock, { region })));
  return {
    admitOnly: ({ region, database }, groups) =>
      rdsAnswer(
        `set the groups of ${database} in ${region} to ${groups.join(", ")}`,
        clients(region).send(
          new ModifyDBInstanceCommand({
            DBInstanceIdentifier: database,
            VpcSecurityGroupIds: [...groups],
            ApplyImmediately: true,
          }),
        ),
      ),

    reboot: ({ region, database }) =>
      rdsAnswer(
        `reboot ${database} in ${region}`,
        clients(region).send(new RebootDBInstanceCommand({ DBInstanceIdentifier: database })),
      ),
  };
}
