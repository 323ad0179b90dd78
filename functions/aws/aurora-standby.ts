import {
  FailoverGlobalClusterCommand,
  RDSClient,
  SwitchoverGlobalClusterCommand,
} from "@aws-sdk/client-rds";
import type { GlobalSeat } from "../../lib/sla/clusters.ts";
import type { PromoteOptions } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { rdsAnswer } from "./rds-answer.ts";

/** As `Standby`, of the clusters of global databases. */
interface ClusterStandby {
  promote(seat: GlobalSeat, options: PromoteOptions): Promise<"accepted" | "wrong-state" | "gone">;
}

/**
 * A switchover is asked of the region that hands over, a failover of the one that takes over. Only a failover may lose data: what that comes
 * to has been judged before.
 */
export function auroraStandby(clock: Clock, account: string): ClusterStandby {
  // One attempt: whether a repeat is safe is for the step to say, which has written down that it asked.
  const clients = perRegion(
    (region) => new RDSClient(clientSettings(clock, { region, maxAttempts: 1 })),
  );
  return {
    promote({ region, database, global }, { from }) {
      const target = {
        GlobalClusterIdentifier: global,
        TargetDbClusterIdentifier: `arn:aws:rds:${region}:${account}:cluster:${database}`,
      };
      return from
        ? rdsAnswer(
            `switch ${global} over to ${database} in ${region}`,
            clients(from.region).send(new SwitchoverGlobalClusterCommand(target)),
          )
        : rdsAnswer(
            `fail ${global} over to ${database} in ${region}`,
            clients(region).send(
              new FailoverGlobalClusterCommand({ ...target, AllowDataLoss: true }),
            ),
          );
    },
  };
}
