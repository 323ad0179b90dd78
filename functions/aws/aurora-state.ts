import type { DBCluster, GlobalCluster } from "@aws-sdk/client-rds";
import type { DatabaseState, Member } from "../failover/ports.ts";
import { tagsIn } from "./rds-registry.ts";

/** How RDS says that a secondary receives, in the words of a replica. */
const SYNCHRONIZED: Readonly<Record<string, string>> = { connected: "replicating" };

/**
 * A cluster as its region describes it. `global` says who writes: of its own members RDS says only who writes within it. One that is no
 * member of the global database follows nobody.
 */
export function clusterState(
  cluster: DBCluster,
  global: GlobalCluster | undefined,
  members?: readonly Member[],
): DatabaseState {
  const { source, replication } = roleIn(cluster, global);
  const port = cluster.Port ?? 5432;
  const place = (host: string | undefined) => (host === undefined ? undefined : { host, port });
  const endpoint = place(cluster.Endpoint);
  const reader = source === undefined ? undefined : place(cluster.ReaderEndpoint);
  return {
    status: cluster.Status ?? "unknown",
    ...(endpoint && { endpoint }),
    ...(reader && { reader }),
    groups: (cluster.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id, Status }) =>
      id === undefined ? [] : [{ id, active: Status === "active" }],
    ),
    ...(source !== undefined && { source }),
    replication,
    backupRetentionDays: cluster.BackupRetentionPeriod ?? 0,
    isProtected: cluster.DeletionProtection ?? false,
    replicas: [],
    ...(members && { members }),
    tags: tagsIn(cluster),
  };
}

/** Whom a cluster follows in its global database, and how that goes; an operation that concerns it counts as a word about it. */
function roleIn(
  { DBClusterArn: arn }: Pick<DBCluster, "DBClusterArn">,
  global: GlobalCluster | undefined,
): Pick<DatabaseState, "source" | "replication"> {
  const members = global?.GlobalClusterMembers ?? [];
  const own = members.find((each) => each.DBClusterArn === arn);
  const moving = movingIn(arn, global);
  if (!own || own.IsWriter) return { replication: moving };
  const writer = members.find((each) => each.IsWriter)?.DBClusterArn ?? "nobody";
  const said = own.SynchronizationStatus ?? "unknown";
  return { source: writer, replication: [SYNCHRONIZED[said] ?? said, ...moving] };
}

function movingIn(arn: string | undefined, global: GlobalCluster | undefined): readonly string[] {
  const { Status, FromDbClusterArn, ToDbClusterArn } = global?.FailoverState ?? {};
  return Status && [FromDbClusterArn, ToDbClusterArn].includes(arn) ? [Status] : [];
}
