import type { ParallelState } from "../definition.ts";
import { leave, type Step, type Visit, valueIn } from "../run.ts";
import { together } from "../together.ts";

/** Every branch gets its own copy of the variables; the first failure stops the others. */
export async function parallel(visit: Visit<ParallelState>): Promise<Step> {
  const { run, scope, state, context } = visit;
  const input = state.Arguments === undefined ? visit.input : await valueIn(visit, state.Arguments);
  run.history.record(scope.thread, "ParallelStateStarted");
  const result = await together(
    state.Branches.length,
    state.Branches.length,
    scope,
    (index, signal) =>
      // biome-ignore lint/style/noNonNullAssertion: the index is below the number of branches.
      run.machine(run, state.Branches[index]!, input, {
        variables: { ...scope.variables },
        context,
        signal,
        thread: { ...scope.thread },
      }),
  ).catch((cause) => {
    run.history.record(scope.thread, "ParallelStateFailed");
    throw cause;
  });
  run.history.record(scope.thread, "ParallelStateSucceeded");
  return leave(visit, state, result, { result });
}
