import { traitsOf } from "./engine.ts";
import type { Fleet } from "./fleet.ts";

/** What holds for databases that are not PostgreSQL, of each engine in one line; none where all are. */
export function unlikePostgres({ instances }: Pick<Fleet, "instances">): readonly string[] {
  const byEngine = Map.groupBy(instances, ({ database }) => database.engine ?? "postgres");
  return [...byEngine].flatMap(([engine, those]) => {
    const { title, isWhole, isRehearsed } = traitsOf(engine);
    if (isWhole) return [];
    const ids = those.map(({ id }) => id).join(", ");
    const run = isRehearsed
      ? "run against real servers on the local cloud, not on RDS"
      : "not yet run against any real server";
    return [
      `${ids}: ${title} is watched, fenced, failed over and given a new standby, ${run}. Nothing backs it up here but RDS itself: no restore test, no sla recover, no sla adopt (docs/engines.md).`,
    ];
  });
}
