import type { Caller } from "../iam/principals.ts";
import type { Functions } from "../lambda/function.ts";
import type { Pace } from "../pace.ts";
import type { Json, Leaving, Machine, State, Template } from "./definition.ts";
import { evaluate } from "./expression.ts";
import { withinLimit } from "./failure.ts";
import type { History, Thread } from "./history.ts";
import type { Tasks } from "./tasks.ts";
import type { TaskTokens } from "./tokens.ts";

/** What every state of one execution shares. */
export interface Run {
  readonly region: string;
  /** Of the state machine. */
  readonly machineArn: string;
  /** The machine's role, as this execution has taken it on. */
  readonly caller: Caller;
  readonly trace: string | undefined;
  readonly functions: Functions;
  /** Absent: no containers are run. */
  readonly tasks?: Tasks;
  readonly pace: Pace;
  readonly tokens: TaskTokens;
  readonly history: History;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  /** Runs a branch or an item processor to its end. */
  readonly machine: (run: Run, machine: Machine, input: Json, scope: Scope) => Promise<Json>;
}

/** One chain of states: the machine's own, a branch's, an item's. */
export interface Scope {
  readonly variables: Readonly<Record<string, Json>>;
  /** `$states.context` without the state's own part. */
  readonly context: { readonly [key: string]: Json };
  readonly signal: AbortSignal;
  readonly thread: Thread;
}

/** One attempt at one state. */
export interface Visit<S extends State = State> {
  readonly run: Run;
  readonly scope: Scope;
  readonly name: string;
  readonly state: S;
  readonly input: Json;
  readonly context: { readonly [key: string]: Json };
}

/** Where a state leads; without `next` its chain ends here. */
export interface Step {
  readonly output: Json;
  readonly assigned: Readonly<Record<string, Json>>;
  readonly next: string | undefined;
}

type Outcome = { readonly result: Json } | { readonly errorOutput: Json } | Record<never, never>;

/** Evaluates a field of the state; `more` adds `result` or `errorOutput` to `$states`. */
export function valueIn(visit: Visit, template: Template, more: Outcome = {}): Promise<Json> {
  const { input, context, scope } = visit;
  return evaluate(template, { states: { input, context, ...more }, variables: scope.variables });
}

/** A field that may be absent. */
export const optional = async (visit: Visit, template: Template | undefined) =>
  template === undefined ? undefined : await valueIn(visit, template);

/**
 * Output and Assign see the same variables: assignments count from the next state on.
 * Without Output, `otherwise` goes on.
 */
export async function leave(
  visit: Visit,
  leaving: Leaving & { readonly Next?: string },
  otherwise: Json,
  more: Outcome = {},
): Promise<Step> {
  const output =
    leaving.Output === undefined ? otherwise : await valueIn(visit, leaving.Output, more);
  const assigned = leaving.Assign ? await valueIn(visit, leaving.Assign, more) : {};
  return {
    output: withinLimit(output, `the output of state ${visit.name}`),
    assigned: assigned as Record<string, Json>,
    next: leaving.Next,
  };
}
