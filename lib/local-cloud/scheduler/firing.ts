import { randomUUID } from "node:crypto";
import type { EventLog } from "../event-log.ts";
import { newTrace } from "../lambda/trace.ts";
import type { Pace } from "../pace.ts";
import { waitMs } from "../states/wait.ts";
import type { Schedule } from "./schedule.ts";

/**
 * Calls a target: a function's ARN asynchronously, `arn:aws:states:…:stateMachine:…` by StartExecution.
 * A rejection is retried by the schedule's policy. `role` is the ARN of what the schedule takes on for it.
 */
type Targets = (arn: string, payload: string, trace: string, role: string) => Promise<void>;

export interface FiringOptions {
  readonly log: EventLog;
  readonly pace: Pace;
  readonly targets: Targets;
}

/** EventBridge Scheduler's defaults. */
const MOST_ATTEMPTS = 185;
const LONGEST_AGE_SECONDS = 86_400;
const LONGEST_DELAY_SECONDS = 60;

/**
 * One firing, to its delivery or its end. `slotMs` is the *real* instant of the slot: at a pace above 1
 * it is rarely a whole second, so `<aws.scheduler.scheduled-time>` has milliseconds then, unlike AWS's.
 */
export async function fire(
  schedule: Schedule,
  slotMs: number,
  options: FiringOptions,
  signal: AbortSignal,
): Promise<void> {
  const trace = newTrace(slotMs);
  const target = String(schedule.spec.Target?.Arn);
  const scheduledTime = new Date(Math.round(slotMs)).toISOString().replace(".000Z", "Z");
  const record = (operation: string, detail: Record<string, unknown>) =>
    options.log.record({
      region: schedule.region,
      service: "scheduler",
      operation,
      trace,
      detail: { schedule: schedule.name, target, scheduledTime, ...detail },
    });
  record("Fired", {});
  const attributes = {
    "scheduled-time": scheduledTime,
    "execution-id": randomUUID(),
    "schedule-arn": schedule.arn,
  };
  const deliver = (attempt: number) =>
    options.targets(
      target,
      payloadOf(schedule, { ...attributes, "attempt-number": `${attempt}` }),
      trace,
      schedule.spec.Target?.RoleArn ?? "",
    );
  const failure = await persist(schedule, slotMs, deliver, options.pace, signal);
  if (failure !== undefined) record("TargetFailed", { error: failure });
}

/** Tries until it works, the policy ends it or the signal fires; returns why it gave up. */
async function persist(
  { spec }: Schedule,
  slotMs: number,
  deliver: (attempt: number) => Promise<void>,
  pace: Pace,
  signal: AbortSignal,
): Promise<string | undefined> {
  const policy = spec.Target?.RetryPolicy ?? {};
  const ageMs = pace.ms(policy.MaximumEventAgeInSeconds ?? LONGEST_AGE_SECONDS);
  const endMs = slotMs + ageMs;
  // After a laptop slept, what it missed long ago is not fired in one burst.
  if (Date.now() > endMs) return `not fired: overdue by more than ${Math.round(ageMs)} ms`;
  const attempts = 1 + (policy.MaximumRetryAttempts ?? MOST_ATTEMPTS);
  for (let attempt = 1; ; attempt += 1) {
    const failure = await deliver(attempt).then(() => undefined, messageOf);
    const delayMs = pace.ms(Math.min(2 ** (attempt - 1), LONGEST_DELAY_SECONDS));
    const over = attempt >= attempts || Date.now() + delayMs > endMs || signal.aborted;
    if (failure === undefined || over) return failure;
    await waitMs(delayMs, signal).catch(() => undefined);
  }
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

function payloadOf({ spec }: Schedule, attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes).reduce(
    (text, [name, value]) => text.replaceAll(`<aws.scheduler.${name}>`, value),
    spec.Target?.Input ?? "{}",
  );
}
