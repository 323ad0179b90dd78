import { isKept } from "../../sla/database-tags.ts";
import { ADOPTED_NAMES, adoptedEngine, traitsOf } from "../../sla/engine.ts";
import { leaf, list, type Section, section } from "./draft.ts";
import { type Found, proposeInstance } from "./propose-instance.ts";
import { stemOf } from "./propose-names.ts";
import { proposeSite } from "./propose-site.ts";
import type { DatabaseSurvey, RegionSurvey, Survey } from "./survey.ts";

/** What a fleet file could say of an account, and of what it says nothing. */
export interface Proposal {
  readonly fleet: Section;
  readonly skipped: readonly Skipped[];
}

export interface Skipped {
  readonly region: string;
  readonly database: string;
  readonly because: string;
}

/** Ids are at most this long. */
const ID_LENGTH = 40;
const VANTAGES = 3;
/** Far apart and in every account, where the account shows no better ones. */
const USUAL_VANTAGES = [
  "eu-west-1",
  "eu-north-1",
  "eu-west-3",
  "us-east-1",
  "us-west-2",
  "ap-southeast-1",
];

/**
 * Proposes a fleet. What the account shows is proposed, what it cannot show is asked; no plan, no copies and no contact is ever
 * made up, and nothing fails over by itself before somebody says so.
 */
export function propose(survey: Survey): Proposal {
  const { found, skipped } = instancesIn(survey);
  const homes = new Set(found.flatMap(({ home, standby }) => [home, standby?.region ?? home]));
  const vantages = vantagesFor(survey, homes);
  const control = vantages[0] ?? "";
  const inUse = survey.regions
    .filter(({ region }) => homes.has(region))
    .toSorted((one, other) => (one.region < other.region ? -1 : 1));
  const controlSurvey = survey.regions.find(({ region }) => region === control) ?? empty(control);
  return {
    skipped,
    fleet: {
      entries: [
        [
          "provider",
          section([
            ["name", leaf({ question: "your company, as reports call it" })],
            ["contact", leaf({ question: "an e-mail address that hears of everything" })],
            ["timezone", leaf({ question: "whose days and months count, like Europe/Zurich" })],
            ["account", leaf({ value: survey.account })],
          ]),
        ],
        ["vantages", leaf({ value: vantages, question: "where instances are probed from" })],
        [
          "control",
          leaf({
            value: control,
            question: "neither home nor standby of anything: watches the rest",
          }),
        ],
        [
          "sites",
          section([
            ...inUse.map((each) => [each.region, proposeSite(each)] as const),
            [control, proposeSite(controlSurvey, "of control")] as const,
          ]),
        ],
        ["instances", list(found.map((each) => proposeInstance(survey, each)))],
      ],
    },
  };
}

const empty = (region: string): RegionSurvey => ({
  region,
  ...{ databases: [], balancers: [], machines: [], secrets: [], groups: [], subnets: [] },
});

interface Placed {
  readonly region: string;
  readonly database: DatabaseSurvey;
}

function instancesIn({ regions }: Survey) {
  const all: readonly Placed[] = regions.flatMap(({ region, databases }) =>
    databases.map((database) => ({ region, database })),
  );
  const taken = new Set<string>();
  const standbys = new Set<string>();
  const skipped: Skipped[] = [];
  const found: Found[] = [];
  const ordered = all.toSorted(
    (one, other) =>
      (one.database.id < other.database.id ? -1 : one.database.id > other.database.id ? 1 : 0) ||
      (one.region < other.region ? -1 : 1),
  );
  for (const { region, database } of ordered) {
    if (database.replicaOf !== undefined) continue;
    const because = whyNot(database);
    if (because !== undefined) {
      skipped.push({ region, database: database.id, because });
      continue;
    }
    const standby = ordered.find(
      (each) => each.database.replicaOf === database.arn && each.region !== region,
    );
    if (standby) standbys.add(standby.database.arn);
    const id = freeId(stemOf(database.id), taken);
    found.push({ id, home: region, primary: database, ...(standby && { standby }) });
  }
  const replicas = ordered.filter(
    ({ database }) => database.replicaOf !== undefined && !standbys.has(database.arn),
  );
  for (const { region, database } of replicas) {
    skipped.push({ region, database: database.id, because: replicaWords(database, all) });
  }
  return { found, skipped };
}

function whyNot({ engine, cluster, tags }: DatabaseSurvey): string | undefined {
  const own = isKept(tags) ? undefined : Object.keys(tags).find((key) => key.startsWith("sla:"));
  if (own !== undefined) return `hosting-sla made it: it carries the tag ${own}`;
  if (cluster !== undefined) return `a member of the cluster ${cluster}: clusters are not kept yet`;
  if (adoptedEngine(engine)) return undefined;
  const kept = ADOPTED_NAMES.map((name) => traitsOf(name).title).join(", ");
  return `its engine is ${engine}: kept are instances of ${kept}`;
}

function replicaWords({ replicaOf = "" }: DatabaseSurvey, all: readonly Placed[]): string {
  const source = all.find(
    ({ database }) => database.arn === replicaOf || database.id === replicaOf,
  );
  const name = source?.database.id ?? replicaOf;
  return replicaOf.startsWith("arn:")
    ? `a replica of ${name}${source ? ", which has a standby already or is not proposed" : ", which was not seen: name its region, too"}`
    : `a replica of ${name} in the same region: no standby for the loss of one`;
}

function freeId(stem: string, taken: Set<string>): string {
  const base = stem.slice(0, ID_LENGTH).replace(/-$/, "");
  const numbered = (count: number) => `${base.slice(0, ID_LENGTH - 3)}-${count}`;
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = numbered(count);
  taken.add(id);
  return id;
}

/** Where something is already, but no home or standby; then the usual ones. */
function vantagesFor({ regions }: Survey, homes: ReadonlySet<string>): readonly string[] {
  const seen = regions
    .filter(({ databases, subnets }) => databases.length + subnets.length > 0)
    .map(({ region }) => region);
  const free = [...seen, ...USUAL_VANTAGES].filter((region) => !homes.has(region));
  return [...new Set(free)].slice(0, VANTAGES);
}
