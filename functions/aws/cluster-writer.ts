import { FailoverDBClusterCommand, RDSClient } from "@aws-sdk/client-rds";
import type { Standby } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { rdsAnswer } from "./rds-answer.ts";

/** As `Standby`, of clusters of one region: the member that is named becomes the writer, or whom RDS chooses. */
export function clusterWriter(clock: Clock): Standby {
  // One attempt: whether a repeat is safe is for the step to say, which has written down that it asked.
  const clients = perRegion(
    (region) => new RDSClient(clientSettings(clock, { region, maxAttempts: 1 })),
  );
  return {
    promote({ region, database }, { member }) {
      return rdsAnswer(
        `make ${member ?? "another member"} the writer of ${database} in ${region}`,
        clients(region).send(
          new FailoverDBClusterCommand({
            DBClusterIdentifier: database,
            ...(member !== undefined && { TargetDBInstanceIdentifier: member }),
          }),
        ),
      );
    },
  };
}
