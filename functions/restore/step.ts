import { SlaError } from "../kernel/errors.ts";
import type { Begun } from "./case.ts";
import type { RestoreTestStep } from "./contract.ts";
import type { ImageTestStep } from "./image-contract.ts";

/** What the machine sends. `error` comes with `failed` only, as Step Functions reports it. */
export interface StepEvent {
  readonly step: string;
  readonly case: Begun;
  readonly error?: { readonly Error?: string; readonly Cause?: string };
}

type Step<World> = (
  world: World,
  // The case comes as JSON from the machine, whose order alone says which of its stages it is in.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  current: any,
  error: StepEvent["error"],
) => Promise<Begun>;
export type Steps<World> = Readonly<Partial<Record<RestoreTestStep | ImageTestStep, Step<World>>>>;

export async function take<World>(
  steps: Steps<World>,
  world: World,
  { step: name, case: current, error }: StepEvent,
): Promise<Begun> {
  const step = steps[name as keyof typeof steps];
  if (step) return step(world, current, error);
  const known = Object.keys(steps).join(", ");
  throw new SlaError("UnknownStep", "bug", `step '${name}': this function takes ${known}`);
}
