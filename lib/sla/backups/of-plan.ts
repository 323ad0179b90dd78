import type { BackupSchedule, Backups, Period } from "../plan.ts";
import type { Retention, ScheduleRetention } from "./retain.ts";
import { AT, type Schedule } from "./schedule.ts";

/** A schedule and how long its own backups stay. */
export type KeptSchedule = Schedule & ScheduleRetention;

/** When a plan takes backups, and what keeps them. */
export interface BackupPlan extends Retention {
  readonly schedules: readonly KeptSchedule[];
}

export function backupPlanOf({ schedules, rotation }: Backups): BackupPlan {
  return { schedules: schedules.map(scheduleOf), ...(rotation && { rotation }) };
}

function scheduleOf(schedule: BackupSchedule): KeptSchedule {
  const { every, at = [AT], keep } = schedule;
  return { name: nameOf(every), every, at, ...(keep !== undefined && { keep }) };
}

const NAMES: Readonly<Record<string, string>> = {
  "1h": "hourly",
  "1d": "daily",
  "1w": "weekly",
  "1mo": "monthly",
};

const nameOf = (every: Period) => NAMES[every] ?? `every ${every}`;
