import { traitsOf } from "../sla/engine.ts";
import { type Instance, parameterGroupOf } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import type { Draft } from "./draft.ts";
import type { Mistake } from "./mistake.ts";
import type { Path } from "./problem.ts";

/** What is sold or asked for that only PostgreSQL has here. */
const OF_PLANS: readonly (readonly [keyof Plan, string])[] = [
  ["backups", "backups"],
  ["copies", "copies of backups"],
  ["snapshotSimulation", "a view of snapshots"],
  ["backupMonitoring", "monitoring of backups"],
  ["frozen", "frozen copies"],
  ["downloads", "downloads"],
  ["restoreTests", "restore tests"],
];

/** Databases that are failed over and nothing more are sold nothing more. */
export function enginesBuilt({ instances, plans, sites }: Draft): readonly Mistake[] {
  return instances.flatMap(({ index, instance, doubtful }) => {
    const { engine } = instance.database;
    const { title, isWhole } = traitsOf(engine);
    if (isWhole || engine === undefined || doubtful.has("database")) return [];
    const at = (...path: Path): Path => ["instances", index, ...path];
    const lacking = [...ofPlan(plans[instance.plan]), ...ofInstance(instance)];
    const refused: Mistake = {
      path: at("database", "engine"),
      message: `'${engine}': not built for ${title}: ${lacking.join(", ")}; expected an instance with a standby: and a plan whose only promises of databases are serverLoss: and siteLoss: by that standby (docs/engines.md)`,
    };
    return [
      ...(lacking.length > 0 ? [refused] : []),
      ...[instance.home, instance.standby].flatMap((region): Mistake[] => {
        const site = region === undefined ? undefined : sites?.[region];
        if (!site || region === undefined || parameterGroupOf(site, engine)) return [];
        const message = `is missing: expected a parameter group of ${title}, ${instance.id} has databases there`;
        return [{ path: ["sites", region, "parameterGroups", engine], message }];
      }),
    ];
  });
}

const ofPlan = (plan: Plan | undefined): readonly string[] =>
  plan
    ? [
        ...OF_PLANS.flatMap(([key, words]) => (plan[key] === undefined ? [] : [words])),
        ...([plan.serverLoss, plan.siteLoss].some((loss) => loss?.rpoFrom === "newest-backup")
          ? ["an RPO by backups"]
          : []),
        ...(plan.storage?.dropStandbyBelowPercent === undefined
          ? []
          : ["giving a standby up by itself"]),
      ]
    : [];

const ofInstance = (instance: Instance): readonly string[] => [
  ...(instance.standby === undefined ? ["an instance without a standby"] : []),
  ...(instance.copies.length > 0 ? ["copies:"] : []),
  ...(instance.filestore === undefined ? [] : ["filestore:"]),
  ...(instance.destination === undefined ? [] : ["destination:"]),
  ...(instance.database.logins === undefined ? [] : ["logins:"]),
  ...(instance.app?.recovery === undefined ? [] : ["app.recovery:"]),
];
