import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Arns } from "./arns.ts";
import { allow } from "./bundled-function.ts";

/** What may be done with clusters of Aurora global databases, each by its name. */
interface ClusterGrants {
  readonly describe: readonly PolicyStatement[];
  readonly fence: readonly PolicyStatement[];
  readonly promote: readonly PolicyStatement[];
  /** Of whoever lets clients into the new standby. */
  readonly admit: readonly PolicyStatement[];
}

const NONE: ClusterGrants = { describe: [], fence: [], promote: [], admit: [] };

/** Nothing in a fleet without clusters. They are named in fleets of any size, which have few of them: they have no tags of ours. */
export function clusterGrants({ clusters, globals, sites, account }: Arns): ClusterGrants {
  if (clusters.length === 0) return NONE;
  return {
    describe: [
      // Lists of a region have no narrower resource.
      allow(
        ["rds:DescribeDBClusters"],
        sites.map((site) => `arn:aws:rds:${site}:${account}:cluster:*`),
      ),
      allow(["rds:DescribeGlobalClusters"], [`arn:aws:rds::${account}:global-cluster:*`]),
    ],
    fence: [allow(["rds:ModifyDBCluster", "rds:FailoverDBCluster"], clusters)],
    promote: [
      allow(
        ["rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"],
        [...clusters, ...globals],
      ),
    ],
    admit: [allow(["rds:ModifyDBCluster"], clusters)],
  };
}
