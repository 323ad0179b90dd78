import { clustersOf, isGlobalSeat } from "./clusters.ts";
import { traitsOf } from "./engine.ts";
import { allParameterGroups, type Fleet } from "./fleet.ts";
import { recoveredPrefix, replicaPrefix, type Seat } from "./roles.ts";

/**
 * Characters of names that fit into each role beside the rest: IAM takes 10,240 of all policies in a role, spaces not counted
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html), and the fullest role names each database 1.6 times.
 */
const NAMES_FIT = 3000;

/**
 * The databases that this product changes, and what it needs to make one like them: each by its name as long as a policy holds them
 * all, else, `byTag`, those of their regions that are tagged as ours, and of those that were built or brought back those whose name
 * says so as well.
 */
export function databaseArns(fleet: Fleet) {
  const named = namedArns(fleet);
  // Clusters have no tags of ours: they are named in any case, and leave instances the less room.
  return [...named.databases, ...named.clusters].join("").length <= NAMES_FIT
    ? { ...named, byTag: false }
    : { ...named, ...regionArns(named), byTag: true };
}

/** `…:db:acme-db` → `…:db:` and the pattern, once for each region. */
const inRegions = (arns: readonly string[], pattern: string): readonly string[] => [
  ...new Set(arns.map((arn) => `${arn.split(":").slice(0, 6).join(":")}:${pattern}`)),
];

const regionArns = (named: ReturnType<typeof namedArns>) => ({
  standbys: inRegions(named.standbys, "*"),
  seats: inRegions(named.seats, "*"),
  databases: inRegions(named.databases, "*"),
  recovered: inRegions(named.recovered, "*-slar*"),
  replicas: inRegions(named.replicas, "*-sla*"),
});

type ArnOf = (region: string, kind: string, name: string) => string;

function clusterArns(instances: Fleet["instances"], arn: ArnOf) {
  const clusters = clustersOf({ instances });
  const ofGlobals = clusters.filter(isGlobalSeat);
  const arnOf = ({ region, database }: Seat) => arn(region, "cluster", database);
  return {
    clusters: clusters.map(arnOf),
    /** Those of one region, whose own members take over. */
    regionalClusters: clusters.filter((each) => !isGlobalSeat(each)).map(arnOf),
    /** Those of Aurora global databases, and these themselves. */
    globalClusters: ofGlobals.map(arnOf),
    globals: [...new Set(ofGlobals.map(({ global }) => arn("", "global-cluster", global)))],
  };
}

function namedArns({ instances, sites, provider: { account } }: Fleet) {
  const arn: ArnOf = (region, kind, name) => `arn:aws:rds:${region}:${account}:${kind}:${name}`;
  const ofInstances = instances.filter(({ database }) => !traitsOf(database.engine).isCluster);
  const seats = ofInstances.flatMap(({ home, standby, database }) => [
    { region: home, id: database.primary, isPaired: standby !== undefined },
    ...(standby && database.standby
      ? [{ region: standby, id: database.standby, isPaired: true }]
      : []),
  ]);
  // Their name says that they were built after a failover, for an instance with two sites.
  const replicas = seats
    .filter(({ isPaired }) => isPaired)
    .map(({ region, id }) => arn(region, "db", `${replicaPrefix(id)}*`));
  // Wherever an instance is kept it can be brought back, and once it is, it is treated like any other.
  const recovered = ofInstances.flatMap(({ home, standby, copies, database }) =>
    [...new Set([home, ...(standby ? [standby] : []), ...copies])].map((region) => {
      const first = region === standby ? database.standby : undefined;
      return arn(region, "db", `${recoveredPrefix(first ?? database.primary)}*`);
    }),
  );
  // Where primaries were first, nobody stands by under their name: no standby is ever given it again.
  const standbys = ofInstances.flatMap(({ standby, database }) =>
    standby && database.standby ? [arn(standby, "db", database.standby)] : [],
  );
  return {
    standbys: [...new Set([...standbys, ...replicas])],
    /** Those that can be promoted, or could. */
    seats: [...new Set([...seats.map(({ region, id }) => arn(region, "db", id)), ...replicas])],
    databases: [
      ...new Set([
        ...seats.map(({ region, id }) => arn(region, "db", id)),
        ...replicas,
        ...recovered.filter(
          (each) => !replicas.some((known) => each.startsWith(known.slice(0, -1))),
        ),
      ]),
    ],
    ...clusterArns(instances, arn),
    recovered: [...new Set(recovered)],
    replicas: [...new Set(replicas)],
    networks: Object.entries(sites).flatMap(([region, site]) => [
      ...allParameterGroups(site).map((group) => arn(region, "pg", group)),
      arn(region, "og", "*"),
      arn(region, "subgrp", "*"),
    ]),
    keys: Object.keys(sites).map((region) => `arn:aws:kms:${region}:${account}:key/*`),
  };
}
