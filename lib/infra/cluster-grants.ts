import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Arns } from "./arns.ts";
import { allow } from "./bundled-function.ts";

/** What may be done with clusters, each by its name. */
interface ClusterGrants {
  readonly describe: readonly PolicyStatement[];
  readonly fence: readonly PolicyStatement[];
  readonly promote: readonly PolicyStatement[];
  /** Of whoever lets clients into the new standby. */
  readonly admit: readonly PolicyStatement[];
}

const NONE: ClusterGrants = { describe: [], fence: [], promote: [], admit: [] };

/** Nothing in a fleet without clusters. They are named in fleets of any size, which have few of them: they have no tags of ours. */
export function clusterGrants(at: Arns): ClusterGrants {
  const { clusters, globalClusters, regionalClusters, globals, sites, account } = at;
  if (clusters.length === 0) return NONE;
  const isAny = globalClusters.length > 0;
  return {
    describe: [
      // Lists of a region have no narrower resource.
      allow(
        ["rds:DescribeDBClusters"],
        sites.map((site) => `arn:aws:rds:${site}:${account}:cluster:*`),
      ),
      ...(isAny
        ? [allow(["rds:DescribeGlobalClusters"], [`arn:aws:rds::${account}:global-cluster:*`])]
        : []),
    ],
    // One of a region alone is never fenced: it has one writer, whichever member that is.
    fence: isAny ? [allow(["rds:ModifyDBCluster", "rds:FailoverDBCluster"], globalClusters)] : [],
    promote: [
      ...(isAny
        ? [
            allow(
              ["rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"],
              [...globalClusters, ...globals],
            ),
          ]
        : []),
      ...(regionalClusters.length > 0 ? [allow(["rds:FailoverDBCluster"], regionalClusters)] : []),
    ],
    admit: isAny ? [allow(["rds:ModifyDBCluster"], globalClusters)] : [],
  };
}
