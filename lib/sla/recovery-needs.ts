import { type Engine, portsOf } from "./engine.ts";
import { type Fleet, type Instance, parameterGroupOf, type Site } from "./fleet.ts";
import type { Roles } from "./roles.ts";

/** What must be in a region before anything can be brought back there. */
export interface RecoveryNeeds {
  readonly region: string;
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly subnetGroup: string;
  /** Of PostgreSQL. */
  readonly parameterGroup: string;
  /** Likewise of the other engines that are brought back here. */
  readonly others: readonly EngineGroup[];
  /** Where primaries are now of what could be brought back here: whose parameters those of here stand in for. */
  readonly homes: readonly Home[];
  /** Of databases in service. */
  readonly securityGroup: string;
  readonly quarantineGroup: string;
  /** At which databases of the fleet are reached. */
  readonly ports: readonly number[];
  /** Of the functions that speak SQL. */
  readonly sqlGroup: string;
  /** All groups of ours that a quarantined database lets in. */
  readonly ourGroups: readonly string[];
  /** Databases of the fleet in this region, by identifier: whose they are. */
  readonly databases: ReadonlyMap<string, string>;
  /** Of those: replicas that would take over, by identifier. */
  readonly standbys: readonly string[];
  readonly secrets: readonly SecretNeed[];
  /** KMS keys by which what lies here is encrypted, as far as this product chose them. */
  readonly keys: readonly string[];
}

/** Whose parameters those of here stand in for. */
export interface HomeGroup {
  readonly region: string;
  readonly parameterGroup: string;
  /** Parameters that differ between there and here on purpose. */
  readonly unlike: readonly string[];
}

interface Home extends HomeGroup {
  readonly securityGroup: string;
}

interface EngineGroup {
  readonly engine: Engine;
  readonly parameterGroup: string;
  readonly homes: readonly HomeGroup[];
}

export interface SecretNeed {
  readonly name: string;
  /** Region in which a new password is set first; absent where the secret is this region's own. */
  readonly home?: string;
}

interface Here {
  readonly region: string;
  readonly subnetGroup: string;
  /** Of what is restored for a test: every site has its own. */
  readonly testSecret: string;
  /** Alias of the key of copies. */
  readonly backupKey: string;
  readonly sqlGroup: string;
  readonly ourGroups: readonly string[];
}

/** Throws RangeError for a region that is no site. */
export function recoveryNeeds(
  fleet: Fleet,
  roles: ReadonlyMap<string, Roles>,
  { region, subnetGroup, testSecret, backupKey, sqlGroup, ourGroups }: Here,
): RecoveryNeeds {
  const site = fleet.sites[region];
  if (!site) throw new RangeError(`${region} is no site of the fleet: ${Object.keys(fleet.sites)}`);
  const { vpc, subnets, parameterGroup, securityGroup, quarantineGroup } = site;
  const here = fleet.instances.filter(
    (instance) =>
      placesOf(instance).includes(region) && roles.get(instance.id)?.leftAt === undefined,
  );
  const primaryOf = ({ id, home }: Instance) => roles.get(id)?.primary.region ?? home;
  const awayOf = (instances: readonly Instance[]) =>
    [...new Set(instances.map(primaryOf))].filter((home) => home !== region);
  const unlikeOf = (there: Site) => [...(site.ownParameters ?? []), ...(there.ownParameters ?? [])];
  return {
    ...{ region, vpc, subnets, subnetGroup, parameterGroup },
    ...{ securityGroup, quarantineGroup, sqlGroup, ourGroups },
    homes: awayOf(here).flatMap((home) => {
      const there = fleet.sites[home];
      return there ? [{ region: home, ...groupsOf(there), unlike: unlikeOf(there) }] : [];
    }),
    others: othersIn(here).flatMap(([engine, instances]) => {
      const own = parameterGroupOf(site, engine);
      if (own === undefined) return [];
      const homes = awayOf(instances).flatMap((home) => {
        const there = fleet.sites[home];
        const group = there && parameterGroupOf(there, engine);
        if (!there || group === undefined) return [];
        return [{ region: home, parameterGroup: group, unlike: unlikeOf(there) }];
      });
      return [{ engine, parameterGroup: own, homes }];
    }),
    ports: portsOf(here),
    databases: databasesIn(region, [...roles.values()]),
    standbys: [...roles.values()].flatMap(({ standby, leftAt }) =>
      standby?.region === region && leftAt === undefined ? [standby.database] : [],
    ),
    secrets: [...secretsOf(here, primaryOf, region), { name: testSecret }],
    keys: [backupKey],
  };
}

const groupsOf = ({ parameterGroup, securityGroup }: Site) => ({ parameterGroup, securityGroup });

/** Names of all secrets that somebody who brings an instance back has to open. */
export const loginsOf = ({ database }: Pick<Instance, "database">): readonly string[] => [
  database.secret,
  ...(database.logins ?? []),
];

const placesOf = ({ home, standby, copies }: Instance): readonly string[] => [
  home,
  ...(standby === undefined ? [] : [standby]),
  ...copies,
];

const othersIn = (instances: readonly Instance[]) =>
  [...Map.groupBy(instances, ({ database: { engine = "postgres" } }) => engine)].filter(
    ([engine]) => engine !== "postgres",
  );

const databasesIn = (region: string, roles: readonly Roles[]) =>
  new Map(
    roles.flatMap(({ instance, primary, standby }) =>
      [primary, ...(standby ? [standby] : [])]
        .filter((seat) => seat.region === region)
        .map(({ database }) => [database, instance] as const),
    ),
  );

/** Instances may share a login: the first says where it is at home. */
function secretsOf(
  instances: readonly Instance[],
  primaryOf: (instance: Instance) => string,
  region: string,
): readonly SecretNeed[] {
  const homes = new Map<string, string>();
  for (const instance of instances) {
    for (const name of loginsOf(instance)) {
      if (!homes.has(name)) homes.set(name, primaryOf(instance));
    }
  }
  return [...homes].map(([name, home]) => (home === region ? { name } : { name, home }));
}
