import { FailoverDBClusterCommand, RDSClient } from "@aws-sdk/client-rds";
import type { Standby } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { rdsAnswer } from "./rds-answer.ts";

/** As `Standby`, of clusters of one region: the member that is named becomes the writer, of Aurora and of Multi-AZ DB clusters alike. */
export function clusterWriter(clock: Clock): Standby {
  // One attempt: whether a repeat is safe is for the step to say, which has written down that it asked.
  const clients = perRegion(
    (region) => new RDSClient(clientSettings(clock, { region, maxAttempts: 1 })),
  );
  return {
    promote({ region, database }, { member }) {
      // RDS would choose by itself, and asked twice would move the writer twice.
      if (member === undefined)
        throw new SlaError("NoMember", "bug", `${database}: who is to write?`);
      return rdsAnswer(
        `make ${member} the writer of ${database} in ${region}`,
        clients(region).send(
          new FailoverDBClusterCommand({
            DBClusterIdentifier: database,
            TargetDBInstanceIdentifier: member,
          }),
        ),
      );
    },
  };
}
