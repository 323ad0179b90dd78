import { TAGS, type Tags } from "./catalogue.ts";

/** An automated backup as the region shows it in which it lies. */
export interface AutomatedBackup {
  readonly region: string;
  /** What it is of. */
  readonly source: Source;
  readonly status: string;
  /** ISO 8601: to which it can be restored; absent: to none yet. */
  readonly latest?: string;
  readonly tags: Tags;
}

/** A database by its region and RDS identifier. */
export interface Source {
  readonly region: string;
  readonly database: string;
}

/** All automated backups of all regions that answered, sorted once. */
export interface LogBook {
  /** Whether a region says what it holds. */
  hears(region: string): boolean;
  /** Whether RDS keeps automated backups of it where it is, complete enough to be replicated. */
  keeps(source: Source): boolean;
  /** Replications of it to other regions, whoever began them. */
  of(source: Source): readonly AutomatedBackup[];
  /** Replications that this product began for the instance. */
  ours(instance: string): readonly AutomatedBackup[];
  /** Instances that it has begun any for. */
  readonly instances: readonly string[];
}

/** What a replication is given when it begins. */
export const logTags = (instance: string): Tags => ({
  [TAGS.managed]: "true",
  [TAGS.instance]: instance,
});

export function logBookOf(listings: ReadonlyMap<string, readonly AutomatedBackup[]>): LogBook {
  const all = [...listings.values()].flat();
  const kept = all.filter(
    ({ source, region, status }) => source.region === region && status === "active",
  );
  const shipped = all.filter(isShipped);
  const originals = new Set(kept.map(({ source }) => keyOf(source)));
  const bySource = Map.groupBy(shipped, ({ source }) => keyOf(source));
  const byInstance = Map.groupBy(shipped.filter(isOurs), ({ tags }) => tags[TAGS.instance] ?? "");
  return {
    hears: (region) => listings.has(region),
    keeps: (source) => originals.has(keyOf(source)),
    of: (source) => bySource.get(keyOf(source)) ?? [],
    ours: (instance) => byInstance.get(instance) ?? [],
    instances: [...byInstance.keys()],
  };
}

/** What is retained is no longer replicated; RDS drops it by its age, and nobody else does. */
const isShipped = ({ source, region, status }: AutomatedBackup) =>
  source.region !== region && status !== "retained";

export const isOurs = ({ tags }: Pick<AutomatedBackup, "tags">): boolean =>
  tags[TAGS.managed] === "true" && Boolean(tags[TAGS.instance]);

export const isSame = (one: Source, other: Source): boolean => keyOf(one) === keyOf(other);

const keyOf = ({ region, database }: Source) => `${region} ${database}`;
