import { FailoverDBClusterCommand, RDSClient } from "@aws-sdk/client-rds";
import type { Fence } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { auroraGroups } from "./aurora-groups.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { rdsAnswer } from "./rds-answer.ts";

export function auroraFence(clock: Clock): Fence {
  const clients = perRegion((region) => new RDSClient(clientSettings(clock, { region })));
  return {
    ...auroraGroups(clock),

    /** Another member becomes its writer: the one that was restarts, and its sessions end. Refused where it is alone. */
    reboot: ({ region, database }) =>
      rdsAnswer(
        `give the cluster ${database} in ${region} another writer`,
        clients(region).send(new FailoverDBClusterCommand({ DBClusterIdentifier: database })),
      ),
  };
}
