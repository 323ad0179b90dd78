import { clustersOf, isGlobalSeat } from "./clusters.ts";
import type { Fleet } from "./fleet.ts";

/** Characters of an ARN around a name, with quotes and a comma: of a cluster and its region, and of a global database. */
const AROUND = { cluster: 53, global: 45 } as const;
/**
 * Characters that the fullest role has for clusters, which are named in fleets of any size: IAM takes 10,240 of all policies in a role, spaces not
 * counted (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html), and whoever promotes needs 2,400 for the rest.
 */
const CHARACTERS = 7000;

/** Whether the fullest role can name the clusters of these instances, and the global databases that they are of. */
export function clustersFit(fleet: Pick<Fleet, "instances">): boolean {
  const clusters = clustersOf(fleet);
  const globals = new Set(clusters.filter(isGlobalSeat).map(({ global }) => global));
  const characters = [
    ...clusters.map(({ database }) => database.length + AROUND.cluster),
    ...[...globals].map((name) => name.length + AROUND.global),
  ];
  return characters.reduce((sum, each) => sum + each, 0) <= CHARACTERS;
}
