import { type Asked, type Check, outcomeOf } from "./prepared-check.ts";

/** A STOP check that has to be there, and the names whose PRIMARY records have to carry it. */
export interface StopNeed {
  /** Caller reference of the check. */
  readonly reference: string;
  /** In a hosted zone each. */
  readonly names: readonly { readonly zone: string; readonly name: string }[];
}

/** The PRIMARY record of a name. */
export interface PrimaryRecord {
  readonly name: string;
  /** Id of the health check that it carries. */
  readonly healthCheck?: string;
}

export interface FoundStops {
  /** By reference: the ids that the check of that flag has or had, newest first. */
  readonly checks: Asked<ReadonlyMap<string, readonly string[]>>;
  /** By zone. */
  readonly records: ReadonlyMap<string, Asked<readonly PrimaryRecord[]>>;
}

/** Route 53 is one service of the world; its API answers in this region. */
const ROUTE53 = "us-east-1";
const NAMED = 3;

/**
 * Whether names would move while Route 53's API is away: a flag that nobody checks, or whose check a PRIMARY record does not
 * carry, leads nobody over. One check a flag, however many it leads.
 */
export const judgeStops = (
  needs: readonly StopNeed[],
  { checks, records }: FoundStops,
): readonly Check[] =>
  needs.map((need) => ({
    ...{ kind: "stop-check", about: need.reference },
    outcome: outcomeOf(answerOf(need, checks, records), ROUTE53, ({ ids, found }) =>
      problemsOf(need, ids, found),
    ),
  }));

interface Answer {
  readonly ids: readonly string[];
  readonly found: readonly PrimaryRecord[];
}

/** As much as silence allows: without the checks nothing can be said, without one zone nothing of this flag. */
function answerOf(
  { reference, names }: StopNeed,
  checks: FoundStops["checks"],
  records: FoundStops["records"],
): Asked<Answer> {
  if (checks.state !== "there") return checks;
  const zones = [...new Set(names.map(({ zone }) => zone))];
  const found: PrimaryRecord[] = [];
  for (const zone of zones) {
    const asked = records.get(zone) ?? { state: "missing" };
    if (asked.state === "silent") return asked;
    if (asked.state === "there") found.push(...asked.it);
  }
  return { state: "there", it: { ids: checks.it.get(reference) ?? [], found } };
}

function problemsOf(
  { names }: StopNeed,
  ids: readonly string[],
  found: readonly PrimaryRecord[],
): readonly string[] {
  const [newest] = ids;
  if (newest === undefined) return ["nobody has made it, so its flag leads nobody over"];
  const carried = new Map(found.map(({ name, healthCheck }) => [name, healthCheck]));
  const wrong = names.filter(({ name }) => carried.get(name) !== newest).map(({ name }) => name);
  if (wrong.length === 0) return [];
  const more = wrong.length > NAMED ? ` and ${wrong.length - NAMED} more` : "";
  const which = `${wrong.slice(0, NAMED).join(", ")}${more}`;
  return [`PRIMARY of ${which} ${wrong.length === 1 ? "does" : "do"} not carry it (${newest})`];
}
