import type { BackupSchedule, Backups } from "../plan.ts";
import type { Retention, ScheduleRetention } from "./retain.ts";
import { AT, type Schedule } from "./schedule.ts";

/** A schedule and how long its own backups stay. */
export type KeptSchedule = Schedule & ScheduleRetention;

/** When a plan takes backups, and what keeps them. */
export interface BackupPlan extends Retention {
  readonly schedules: readonly KeptSchedule[];
}

export function backupPlanOf({ schedules, rotation }: Backups): BackupPlan {
  const names = schedules.map(({ every }) => NAMES[every] ?? `every ${every}`);
  return {
    schedules: schedules.map((schedule, index) => scheduleOf(schedule, ordinal(names, index))),
    ...(rotation && { rotation }),
  };
}

/** `daily`, `daily 2`: what a backup was taken for is told by the name. */
function ordinal(names: readonly string[], index: number): string {
  const name = names[index] ?? "";
  const nth = names.slice(0, index + 1).filter((other) => other === name).length;
  return nth === 1 ? name : `${name} ${nth}`;
}

function scheduleOf(schedule: BackupSchedule, name: string): KeptSchedule {
  const { every, at = [AT], keep, keepNewest } = schedule;
  return {
    ...{ name, every, at },
    ...(keep !== undefined && { keep }),
    ...(keepNewest !== undefined && { keepNewest }),
  };
}

const NAMES: Readonly<Record<string, string>> = {
  "1h": "hourly",
  "1d": "daily",
  "1w": "weekly",
  "1mo": "monthly",
};
