import * as client from "@aws-sdk/client-scheduler";
import type { ServiceDefinition } from "../wire/service.ts";
import { Clockwork } from "./clockwork.ts";
import type { FiringOptions } from "./firing.ts";
import { operations } from "./operations.ts";
import { type Schedule, type ScheduleSpec, scheduleOf } from "./schedule.ts";

export interface SchedulerOptions extends FiringOptions {
  /** Twelve digits. */
  readonly account: string;
}

export interface SchedulerService {
  readonly definition: ServiceDefinition;
  /** Creates or replaces; returns the ARN. Throws ValidationException. */
  deploy(region: string, spec: ScheduleSpec): string;
  /** Nothing fires before; the first slot of every rate is now. */
  start(): void;
  stop(): void;
}

/** Schedules by ARN, and what changes them. */
export interface Store {
  readonly schedules: ReadonlyMap<string, Schedule>;
  put(region: string, spec: ScheduleSpec): Schedule;
  remove(schedule: Schedule): void;
}

/** EventBridge Scheduler. Flexible time windows are treated as OFF: every schedule fires on its slot. */
export function schedulerService(options: SchedulerOptions): SchedulerService {
  const clockwork = new Clockwork(options);
  const schedules = new Map<string, Schedule>();
  const remove = (schedule: Schedule) => {
    clockwork.remove(schedule);
    schedules.delete(schedule.arn);
  };
  const put = (region: string, spec: ScheduleSpec) => {
    const schedule = scheduleOf(region, options.account, spec);
    const before = schedules.get(schedule.arn);
    if (before) remove(before);
    schedules.set(schedule.arn, schedule);
    clockwork.add(schedule);
    return schedule;
  };
  const store = { schedules, put, remove };
  return {
    definition: { name: "scheduler", client, operations: operations(store, options.account) },
    deploy: (region, spec) => put(region, spec).arn,
    start: () => clockwork.start(schedules.values()),
    stop: () => clockwork.stop(),
  };
}
