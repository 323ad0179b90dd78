import type {
  BalancerSurvey,
  DatabaseSurvey,
  MachineSurvey,
  RecordSurvey,
  ZoneSurvey,
} from "./survey.ts";

/** A record, and the zone it is in. */
export interface Lead {
  readonly zone: ZoneSurvey;
  readonly record: RecordSurvey;
}

/** Labels that say that a name is the database's. */
const DATABASE_LABEL = /^(db|database|pg|postgres|postgresql|sql|rds)[0-9]*$/;
/** Parts of an identifier that say nothing of whose it is. */
const GENERIC = new Set(
  "db database pg postgres postgresql rds sql prod production primary main master live".split(" "),
);

/** `acme` of `acme-db`, `prod-acme-postgres`: what is left without words that every database could have. */
export function stemOf(identifier: string): string {
  const parts = identifier.toLowerCase().split("-");
  const telling = parts.filter((part) => part !== "" && !GENERIC.has(part));
  return (telling.length > 0 ? telling : parts).join("-");
}

/** Records that lead to a host, the best first: a failover pair, then simple ones, the shortest name. */
export function leadsTo(zones: readonly ZoneSurvey[], host: string | undefined): readonly Lead[] {
  const rank = { failover: 0, simple: 1, other: 2 } as const;
  return zones
    .flatMap((zone) => zone.records.map((record) => ({ zone, record })))
    .filter(({ record }) => record.target === host)
    .toSorted(
      ({ record: one }, { record: other }) =>
        rank[one.routing] - rank[other.routing] ||
        one.name.length - other.name.length ||
        (one.name < other.name ? -1 : 1),
    );
}

export interface AppCandidate extends Lead {
  readonly balancer: BalancerSurvey;
}

/**
 * Applications in front of balancers that may be this database's: by their name beside its own (`db.acme.example.ch`,
 * `acme.example.ch`), else by a first label like its stem, else by a tag both carry.
 */
export function appsOf(
  database: DatabaseSurvey,
  name: string | undefined,
  zones: readonly ZoneSurvey[],
  balancers: readonly BalancerSurvey[],
): readonly AppCandidate[] {
  const all = balancers.flatMap((balancer) =>
    leadsTo(zones, balancer.host).map((lead) => ({ ...lead, balancer })),
  );
  const beside = all.filter(({ record }) => name !== undefined && isBeside(name, record.name));
  if (beside.length > 0) return beside;
  const stem = stemOf(database.id);
  const alike = all.filter(({ record }) => record.name.split(".")[0] === stem);
  if (alike.length > 0) return alike;
  return all.filter(({ balancer }) => shareTag(database, balancer));
}

/** `db.acme.example.ch` or `acme-db.example.ch` beside `acme.example.ch`. */
function isBeside(database: string, app: string): boolean {
  const [first = "", ...rest] = database.split(".");
  if (DATABASE_LABEL.test(first)) return rest.join(".") === app;
  const stem = stemOf(first);
  return stem !== first && [stem, ...rest].join(".") === app;
}

/** Tags of a kind that groups what belongs together; a value that many could share says nothing. */
const TELLING_TAGS = /^(name|instance|customer|client|tenant|app|application|project|service)$/i;

const shareTag = ({ tags }: DatabaseSurvey, other: Pick<BalancerSurvey, "tags">) =>
  Object.entries(tags).some(
    ([key, value]) => TELLING_TAGS.test(key) && value !== "" && other.tags[key] === value,
  );

/** Buckets with the stem as a word of their names. */
export const bucketsLike = (stem: string, buckets: readonly string[]): readonly string[] =>
  buckets.filter((bucket) => isWordOf(stem, bucket));

const isWordOf = (stem: string, name: string) =>
  `-${name.toLowerCase().replaceAll(/[._ ]/g, "-")}-`.includes(`-${stem}-`);

/**
 * What the fleet would call the one machine that may run this database's application, told by a word of its name or by a tag that both carry:
 * its name, where no other one has it, else its id. Undefined where none is told, or several are.
 */
export function machineLike(
  database: DatabaseSurvey,
  machines: readonly MachineSurvey[],
): string | undefined {
  const stem = stemOf(database.id);
  const nameOf = ({ tags }: MachineSurvey) => tags["Name"] ?? "";
  const alike = machines.filter((each) => isWordOf(stem, nameOf(each)));
  const [only, ...more] =
    alike.length > 0 ? alike : machines.filter((each) => shareTag(database, each));
  if (!only || more.length > 0) return undefined;
  const name = nameOf(only);
  const isTelling = name !== "" && machines.every((each) => each === only || nameOf(each) !== name);
  return isTelling ? `Name=${name}` : only.id;
}
