import { ModifyDBClusterCommand, RDSClient } from "@aws-sdk/client-rds";
import type { Fence } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { rdsAnswer } from "./rds-answer.ts";

/** The groups of a cluster are those of all its members. */
export function auroraGroups(clock: Clock): Pick<Fence, "admitOnly"> {
  const clients = perRegion((region) => new RDSClient(clientSettings(clock, { region })));
  return {
    admitOnly: ({ region, database }, groups) =>
      rdsAnswer(
        `set the groups of the cluster ${database} in ${region} to ${groups.join(", ")}`,
        clients(region).send(
          new ModifyDBClusterCommand({
            DBClusterIdentifier: database,
            VpcSecurityGroupIds: [...groups],
            ApplyImmediately: true,
          }),
        ),
      ),
  };
}
