import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import type { RecoverStep } from "../recover/contract.ts";
import { overrun } from "./budget.ts";
import type { Happening, Underway } from "./case.ts";
import type { FailoverStep, HaltStep } from "./contract.ts";
import type { ReprotectStep } from "./reprotect-contract.ts";

/** What the machine sends. `error` comes with the steps that halt. */
export interface StepEvent {
  readonly step: string;
  readonly case: Underway<unknown>;
  readonly error?: Failure;
}

/** As Step Functions reports it: `Cause` is a function's error in JSON, or plain text. */
export interface Failure {
  readonly Error?: string;
  readonly Cause?: string;
}

export interface Taken<C> {
  readonly next: C;
  /** For the timeline. */
  readonly detail: string;
}

type Step<World> = (
  world: World,
  // The case comes as JSON from the machine, whose order alone says which of its stages it is in.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  current: any,
  error?: Failure,
) => Promise<Taken<Underway<unknown>>>;
type StepName = FailoverStep | HaltStep | ReprotectStep | RecoverStep;
export type Steps<World> = Readonly<Partial<Record<StepName, Step<World>>>>;

/** Takes the step that the event names and writes it into the timeline. */
export async function take<World extends { readonly clock: Clock }>(
  steps: Steps<World>,
  world: World,
  { step: name, case: current, error }: StepEvent,
): Promise<Underway<unknown>> {
  const step = steps[name as StepName];
  if (!step) {
    const known = Object.keys(steps).join(", ");
    throw new SlaError("UnknownStep", "bug", `step '${name}': this function takes ${known}`);
  }
  const began = world.clock.now().getTime();
  const { next, detail } = await step(world, current, error);
  const ended = world.clock.now();
  const tookMs = ended.getTime() - began;
  const late = overrun(name, tookMs, world.clock.paced(1));
  if (late) console.warn(JSON.stringify({ level: "warn", code: "OverBudget", message: late }));
  const happening: Happening = {
    at: ended.toISOString(),
    step: name,
    detail: late ? `${detail}; ${late}` : detail,
    tookMs,
  };
  return { ...next, timeline: [...current.timeline, happening] };
}
