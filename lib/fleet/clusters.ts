import { isRegional } from "../sla/clusters.ts";
import { traitsOf } from "../sla/engine.ts";
import type { Draft, Entry } from "./draft.ts";
import type { Mistake } from "./mistake.ts";
import { type Path, pathText } from "./problem.ts";

/** Its heartbeat is all that tells whether an Aurora cluster receives: it comes once in a look, and is missed after two minutes. */
const MOST_SECONDS = 60;

/** RDS gives a cluster another writer by itself, mostly within a minute: asking before that would only disturb it. */
const LEAST_WAIT_SECONDS = 60;

/**
 * Permissions name each cluster in fleets of any size: three names an instance are some 200 characters, 350 at most, and IAM takes 10,240
 * of all policies in a role.
 */
const MOST_CLUSTERS = 20;

/** Clusters, each of one instance, and nothing that is not built for them. */
export function clustersBuilt(draft: Draft): readonly Mistake[] {
  const known = draft.instances.filter(({ doubtful }) => !doubtful.has("database"));
  return known.flatMap((entry, index) => [
    ...globalGiven(entry),
    ...waitedFor(entry, draft),
    ...globalAlone(entry, known.slice(0, index)),
    ...fewEnough(entry, known.slice(0, index)),
    ...lookedAtOften(entry, draft),
    ...noGameDay(entry),
  ]);
}

const at = ({ index }: Entry, ...path: Path): Path => ["instances", index, ...path];

const isCluster = ({ instance }: Entry) => traitsOf(instance.database.engine).isCluster;

function globalGiven(entry: Entry): readonly Mistake[] {
  const { standby, database } = entry.instance;
  const { engine = "postgres", global } = database;
  const path = at(entry, "database", "global");
  const { sharesStorage, title } = traitsOf(engine);
  if (!sharesStorage && global !== undefined) {
    const message = `'${global}': expected engine: aurora-postgresql or aurora-mysql beside it, or leave it out; engine: is ${engine}`;
    return [{ path, message }];
  }
  if (!isRegional(entry.instance) || standby === undefined) return [];
  if (!sharesStorage) {
    const message = `'${standby}': ${title} is of one region, its standbys are its members: leave it out`;
    return [{ path: at(entry, "standby"), message }];
  }
  const message = `is missing: expected the Aurora global database whose clusters primary: and standby: are, as engine: is ${engine}; a cluster of one region has no standby:`;
  return [{ path, message }];
}

/** Of one region: RDS goes first. Elsewhere a standby takes over, and how long RDS has is for the plan to say. */
function waitedFor(entry: Entry, { plans }: Draft): readonly Mistake[] {
  const seconds = plans[entry.instance.plan]?.multiAz.waitSeconds ?? LEAST_WAIT_SECONDS;
  if (!isRegional(entry.instance) || seconds >= LEAST_WAIT_SECONDS) return [];
  const message = `gives RDS ${seconds} s to move the writer: expected a plan with multiAz.waitSeconds of at least ${LEAST_WAIT_SECONDS}`;
  return [{ path: at(entry, "plan"), message }];
}

/** Its writer moves as a whole: two instances could not be apart. */
function globalAlone(entry: Entry, before: readonly Entry[]): readonly Mistake[] {
  const { global } = entry.instance.database;
  const first = before.find(({ instance }) => instance.database.global === global);
  if (global === undefined || !first) return [];
  const taken = pathText(at(first, "database", "global"));
  return [
    {
      path: at(entry, "database", "global"),
      message: `'${global}' is taken by ${taken}: a global database is of one instance`,
    },
  ];
}

function fewEnough(entry: Entry, before: readonly Entry[]): readonly Mistake[] {
  if (!isCluster(entry) || before.filter(isCluster).length !== MOST_CLUSTERS) return [];
  const message = `is one too many: expected at most ${MOST_CLUSTERS} instances that are clusters in a fleet, IAM has no room for more`;
  return [{ path: at(entry, "database", "engine"), message }];
}

function lookedAtOften(entry: Entry, { plans }: Draft): readonly Mistake[] {
  const seconds = plans[entry.instance.plan]?.watch.everySeconds ?? 0;
  if (!isCluster(entry) || seconds <= MOST_SECONDS) return [];
  const message = `looks every ${seconds} s: expected a plan with watch.everySeconds of at most ${MOST_SECONDS}, Aurora's heartbeat is missed after 120 s`;
  return [{ path: at(entry, "plan"), message }];
}

function noGameDay(entry: Entry): readonly Mistake[] {
  if (!isCluster(entry) || entry.instance.gameDay === undefined) return [];
  const message = "not built for clusters: leave it out (docs/engines.md)";
  return [{ path: at(entry, "gameDay"), message }];
}
