import type { FailState, PassState, SucceedState } from "../definition.ts";
import { StateFailure } from "../failure.ts";
import { leave, optional, type Step, type Visit } from "../run.ts";

export const pass = (visit: Visit<PassState>): Promise<Step> =>
  leave(visit, visit.state, visit.input);

export const succeed = (visit: Visit<SucceedState>): Promise<Step> =>
  leave(visit, visit.state, visit.input);

export async function fail(visit: Visit<FailState>): Promise<never> {
  const error = await optional(visit, visit.state.Error);
  const cause = await optional(visit, visit.state.Cause);
  throw new StateFailure(String(error ?? ""), String(cause ?? ""));
}
