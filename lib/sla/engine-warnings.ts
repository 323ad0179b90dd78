import { isRegional } from "./clusters.ts";
import { ALL_BUILT, type Built, traitsOf } from "./engine.ts";
import type { Fleet, Instance } from "./fleet.ts";

/** What is missing, as a sentence goes on. */
const WITHOUT: Readonly<Record<Built, string>> = {
  adopt: "no sla adopt, no sla leave",
  backups: "no backups but RDS's own, no restore tests",
  dumps: "no frozen copies, no downloads",
  recover: "no sla recover",
  "drop-standby": "no standby that fills its primary is given up by itself",
  drill: "no drill",
};

/** What holds for databases that are not PostgreSQL, of each kind in one line; none where all are. */
export function unlikePostgres({ instances }: Pick<Fleet, "instances">): readonly string[] {
  return [...Map.groupBy(instances, kindOf).values()].flatMap((those) => {
    const [first] = those;
    if (!first) return [];
    const { title, built, isRehearsed } = traitsOf(first.database.engine);
    const lacking = ALL_BUILT.filter((each) => !built.includes(each));
    if (lacking.length === 0) return [];
    const ids = those.map(({ id }) => id).join(", ");
    const run = isRehearsed
      ? "run against real servers on the local cloud, not on RDS"
      : "not yet run against any real server";
    const without = lacking.map((each) => WITHOUT[each]).join(", ");
    return [
      `${ids}: ${title} ${careOf(first)}, ${run}. Not built for it: ${without} (docs/engines.md).`,
    ];
  });
}

const kindOf = (instance: Instance) =>
  `${instance.database.engine ?? "postgres"} ${isRegional(instance)}`;

function careOf(instance: Instance): string {
  const { built, isCluster } = traitsOf(instance.database.engine);
  if (isRegional(instance)) {
    return "in one region is watched, and given another writer where RDS gives it none; the loss of its region is nobody's";
  }
  const kept = built.includes("backups") ? "is backed up, watched" : "is watched";
  return `${kept}, fenced, failed over and ${isCluster ? "taken back as a standby" : "given a new standby"}`;
}
