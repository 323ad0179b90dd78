import type { WaitState } from "../definition.ts";
import { StateFailure } from "../failure.ts";
import { leave, type Step, type Visit, valueIn } from "../run.ts";
import { waitMs } from "../wait.ts";

/** Seconds are configured time and paced; a timestamp is an instant of the real clock. */
export async function wait(visit: Visit<WaitState>): Promise<Step> {
  const { state, run, scope } = visit;
  const ms =
    state.Seconds === undefined
      ? (await instantOf(visit)) - Date.now()
      : run.pace.ms(await secondsOf(visit, state.Seconds));
  if (ms > 0) await waitMs(ms, scope.signal);
  return leave(visit, state, visit.input);
}

async function secondsOf(visit: Visit<WaitState>, template: number | string): Promise<number> {
  const seconds = await valueIn(visit, template);
  if (typeof seconds === "number" && seconds >= 0) return seconds;
  throw mistake(`Seconds: expected a number from 0, got ${JSON.stringify(seconds)}`);
}

async function instantOf(visit: Visit<WaitState>): Promise<number> {
  const value = await valueIn(visit, visit.state.Timestamp ?? null);
  const instant = Date.parse(String(value));
  if (!Number.isNaN(instant)) return instant;
  throw mistake(`Timestamp: expected an ISO 8601 instant, got ${JSON.stringify(value)}`);
}

const mistake = (why: string) => new StateFailure("States.QueryEvaluationError", why);
