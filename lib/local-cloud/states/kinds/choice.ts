import type { ChoiceState } from "../definition.ts";
import { StateFailure } from "../failure.ts";
import { leave, type Step, type Visit, valueIn } from "../run.ts";

/** The first rule whose condition is true; the state's own Output and Assign belong to Default. */
export async function choice(visit: Visit<ChoiceState>): Promise<Step> {
  const { state, input } = visit;
  for (const rule of state.Choices) {
    if (await holds(visit, rule.Condition)) return leave(visit, rule, input);
  }
  if (state.Default === undefined) {
    throw new StateFailure("States.NoChoiceMatched", `no rule of ${visit.name} holds, no Default`);
  }
  const { Output, Assign, Default: Next } = state;
  return leave(
    visit,
    { Next, ...(Output !== undefined && { Output }), ...(Assign && { Assign }) },
    input,
  );
}

async function holds(visit: Visit<ChoiceState>, condition: Parameters<typeof valueIn>[1]) {
  const value = await valueIn(visit, condition);
  if (typeof value === "boolean") return value;
  throw new StateFailure(
    "States.QueryEvaluationError",
    `Condition: expected true or false, got ${JSON.stringify(value)}`,
  );
}
