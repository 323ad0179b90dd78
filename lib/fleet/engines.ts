import { isRegional } from "../sla/clusters.ts";
import { type Built, traitsOf } from "../sla/engine.ts";
import { type Instance, parameterGroupOf } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import type { Draft } from "./draft.ts";
import type { Mistake } from "./mistake.ts";
import type { Path } from "./problem.ts";

type Needed = readonly [words: string, needs: Built];

/** What a plan sells, and what has to be built for it. */
const OF_PLANS: readonly (readonly [keyof Plan, ...Needed])[] = [
  ["backups", "backups", "backups"],
  ["copies", "copies of backups", "backups"],
  ["snapshotSimulation", "a view of snapshots", "backups"],
  ["backupMonitoring", "monitoring of backups", "backups"],
  ["restoreTests", "restore tests", "backups"],
  ["frozen", "frozen copies", "dumps"],
  ["downloads", "downloads", "dumps"],
];

/** Nothing is sold that is not built for an engine. */
export function enginesBuilt({ instances, plans, sites }: Draft): readonly Mistake[] {
  return instances.flatMap(({ index, instance, doubtful }) => {
    const { engine } = instance.database;
    const { title, built, isCluster } = traitsOf(engine);
    if (engine === undefined || engine === "postgres" || doubtful.has("database")) return [];
    const at = (...path: Path): Path => ["instances", index, ...path];
    const lacking = [...ofPlan(plans[instance.plan]), ...ofInstance(instance)].flatMap(
      ([words, needs]) => (built.includes(needs) ? [] : [words]),
    );
    const refused: Mistake = {
      path: at("database", "engine"),
      message: `'${engine}': not built for ${title}: ${lacking.join(", ")}; ${expected(instance, built)} (docs/engines.md)`,
    };
    return [
      ...(lacking.length > 0 ? [refused] : []),
      ...[instance.home, instance.standby, ...instance.copies].flatMap((region): Mistake[] => {
        const site = region === undefined ? undefined : sites?.[region];
        // What a cluster runs with is its own matter: RDS makes followers of what it had.
        if (!site || region === undefined || isCluster || parameterGroupOf(site, engine)) return [];
        const message = `is missing: expected a parameter group of ${title}, ${instance.id} has databases there`;
        return [{ path: ["sites", region, "parameterGroups", engine], message }];
      }),
    ];
  });
}

function expected(instance: Instance, built: readonly Built[]): string {
  if (built.includes("backups")) return "expected an instance and a plan without";
  return isRegional(instance)
    ? "expected a plan whose only promise of databases is serverLoss:"
    : "expected an instance with a standby: and a plan whose only promises of databases are serverLoss: and siteLoss: by that standby";
}

const ofPlan = (plan: Plan | undefined): readonly Needed[] =>
  plan
    ? [
        ...OF_PLANS.flatMap(([key, ...needed]) => (plan[key] === undefined ? [] : [needed])),
        ...([plan.serverLoss, plan.siteLoss].some((loss) => loss?.rpoFrom === "newest-backup")
          ? [["an RPO by backups", "recover"] as const]
          : []),
        ...(plan.storage?.dropStandbyBelowPercent === undefined
          ? []
          : [["giving a standby up by itself", "drop-standby"] as const]),
      ]
    : [];

const ofInstance = (instance: Instance): readonly Needed[] => [
  ...(instance.standby === undefined && !isRegional(instance)
    ? [["an instance without a standby", "recover"] as const]
    : []),
  ...(instance.copies.length > 0 ? [["copies:", "backups"] as const] : []),
  ...(instance.filestore === undefined ? [] : [["filestore:", "backups"] as const]),
  ...(instance.destination === undefined ? [] : [["destination:", "dumps"] as const]),
  ...(instance.database.logins === undefined ? [] : [["logins:", "recover"] as const]),
  ...(instance.app?.recovery === undefined ? [] : [["app.recovery:", "recover"] as const]),
];
