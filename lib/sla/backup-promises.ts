import { type Broken, threeYears } from "./backups/three-years.ts";
import type { Finding, Sold } from "./check.ts";
import type { Instance } from "./fleet.ts";
import type { Backups, Rotation } from "./plan.ts";
import type { Where } from "./promise-line.ts";
import { machineOf } from "./version-promises.ts";

/** What the plan's backups come to over three years: a line if they keep what was sold, one for each clause that breaks. */
export function backupPromises({ fleet, instance, plan: { backups } }: Sold): readonly Finding[] {
  if (!backups) return [];
  const promised = backupWords(backups);
  const common = { promised, covers: "database" } as const;
  const { broken, peak } = threeYears(backups, fleet.provider?.timezone ?? "UTC");
  if (broken.length === 0) {
    const achievable = `${peak} at most`;
    return [{ promise: "backups", ...contentsOf(backups, instance), ...common, achievable }];
  }
  return broken.map((each) => ({
    ...{ promise: `backups, ${each.clause}`, status: "broken", ...common },
    ...changeFor(each, backups),
  }));
}

/** Files and machines are backed up where somebody says where they are. */
function contentsOf(
  { contents }: Backups,
  instance: Instance,
): Pick<Finding, "status" | "change" | "where"> {
  const unnamed = contents.includes("instance") ? machineOf(instance, instance.home) : undefined;
  if (unnamed) return unnamed;
  if (!contents.includes("filestore") || instance.filestore !== undefined) {
    return { status: "kept" };
  }
  const change = "its files are sold with every backup: add filestore: to the instance";
  return { status: "not-yet-covered", change, where: { of: "instance", path: ["filestore"] } };
}

export function backupWords({ rotation, schedules }: Backups): string {
  if (rotation) return `${rotation.count} for ${rotation.oldestMonths} months`;
  return schedules
    .map(({ every, keep, keepNewest }) => {
      const newest = keepNewest === undefined ? "" : `, the newest ${keepNewest}`;
      return `every ${every}${keep ? ` for ${keep}` : newest}`;
    })
    .join("; ");
}

function changeFor(broken: Broken, backups: Backups): Pick<Finding, "change" | "where"> {
  const { clause, date, detail } = broken;
  const { key, advice } = remedyFor(broken, backups);
  return {
    change: `${clause} breaks on ${date} though nothing is missed (${detail}): ${advice}`,
    where: { of: "plan", path: ["backups", ...key] },
  };
}

interface Remedy {
  /** Below `backups`. */
  readonly key: Where["path"];
  readonly advice: string;
}

function remedyFor(broken: Broken, { rotation, schedules }: Backups): Remedy {
  const key = rotation && numberFor(broken);
  if (!key) {
    const advice =
      "move its times in `at` out of the hour that clocks skip, where they fall together";
    return { key: ["schedules"], advice };
  }
  const to = key === "perDay" || key === "count" ? broken.least : 0;
  const lower = `lower backups.rotation.${key} from ${rotation[key]} to ${to}`;
  const isInHours = schedules.some(({ every }) => /^\d+h$/.test(every));
  const calendar = isInHours ? "; days in `every` follow the calendar, hours do not" : "";
  return { key: ["rotation", key], advice: `${lower}, or take backups more often${calendar}` };
}

/** The one that sells less of what broke. */
function numberFor({ clause, least }: Broken): keyof Rotation | undefined {
  if (clause === "days") return least > 0 ? "perDay" : "days";
  return (["weeks", "months", "count"] as const).find((key) => key === clause);
}
