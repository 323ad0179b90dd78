import { ALL_BUILT, type Built, traitsOf } from "./engine.ts";
import type { Fleet } from "./fleet.ts";

/** What is missing, as a sentence goes on. */
const WITHOUT: Readonly<Record<Built, string>> = {
  adopt: "no sla adopt, no sla leave",
  backups: "no backups but RDS's own, no restore tests",
  dumps: "no frozen copies, no downloads",
  recover: "no sla recover",
  "drop-standby": "nobody notices a standby that fills its primary",
  drill: "no drill",
};

/** What holds for databases that are not PostgreSQL, of each engine in one line; none where all are. */
export function unlikePostgres({ instances }: Pick<Fleet, "instances">): readonly string[] {
  const byEngine = Map.groupBy(instances, ({ database }) => database.engine ?? "postgres");
  return [...byEngine].flatMap(([engine, those]) => {
    const { title, built, isRehearsed, isGlobal } = traitsOf(engine);
    const lacking = ALL_BUILT.filter((each) => !built.includes(each));
    if (lacking.length === 0) return [];
    const ids = those.map(({ id }) => id).join(", ");
    const kept = built.includes("backups") ? "is backed up, watched" : "is watched";
    const run = isRehearsed
      ? "run against real servers on the local cloud, not on RDS"
      : "not yet run against any real server";
    const without = lacking.map((each) => WITHOUT[each]).join(", ");
    return [
      `${ids}: ${title} ${kept}, fenced, failed over and ${isGlobal ? "taken back as a standby" : "given a new standby"}, ${run}. Not built for it: ${without} (docs/engines.md).`,
    ];
  });
}
