import type { Json, MapState } from "../definition.ts";
import { StateFailure } from "../failure.ts";
import { leave, optional, type Run, type Scope, type Step, type Visit, valueIn } from "../run.ts";
import { together } from "../together.ts";

/** Inline; a distributed map runs the same way, without child executions of its own. */
export async function map(visit: Visit<MapState>): Promise<Step> {
  const { run, scope, state, name } = visit;
  const items = await itemsOf(visit);
  const width = Number((await optional(visit, state.MaxConcurrency)) ?? 0) || items.length;
  run.history.record(scope.thread, "MapStateStarted", {
    mapStateStartedEventDetails: { length: items.length },
  });
  const result = await together(items.length, width, scope, (index, signal) =>
    iterate(visit, items, index, signal),
  ).catch((cause) => {
    run.history.record(scope.thread, "MapStateFailed");
    throw cause;
  });
  run.history.record(scope.thread, "MapStateSucceeded", {});
  return leave({ ...visit, name }, state, result, { result });
}

async function itemsOf(visit: Visit<MapState>): Promise<Json[]> {
  const items = (await optional(visit, visit.state.Items)) ?? visit.input;
  if (Array.isArray(items)) return items;
  throw new StateFailure(
    "States.QueryEvaluationError",
    `Items: expected an array, got ${items === null ? "null" : typeof items}`,
  );
}

async function iterate(
  visit: Visit<MapState>,
  items: readonly Json[],
  index: number,
  signal: AbortSignal,
): Promise<Json> {
  const { run, scope, state, name } = visit;
  const value = items[index] ?? null;
  const context = { ...visit.context, Map: { Item: { Index: index, Value: value } } };
  const input =
    state.ItemSelector === undefined
      ? value
      : await valueIn({ ...visit, context }, state.ItemSelector);
  const inner: Scope = {
    variables: { ...scope.variables },
    context,
    signal,
    thread: { ...scope.thread },
  };
  const record = (type: IterationEvent) => recordIteration(run, inner, type, { name, index });
  record("MapIterationStarted");
  try {
    const output = await run.machine(run, state.ItemProcessor, input, inner);
    record("MapIterationSucceeded");
    return output;
  } catch (cause) {
    record(signal.aborted ? "MapIterationAborted" : "MapIterationFailed");
    throw cause;
  }
}

type IterationEvent = `MapIteration${"Started" | "Succeeded" | "Failed" | "Aborted"}`;

function recordIteration(
  run: Run,
  { thread }: Scope,
  type: IterationEvent,
  details: { readonly name: string; readonly index: number },
): void {
  const key = `m${type.slice(1)}EventDetails` as "mapIterationStartedEventDetails";
  run.history.record(thread, type, { [key]: details });
}
