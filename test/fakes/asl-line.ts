/** Enough of an interpreter for a straight line of tasks whose expressions only name a path. */
type Json = Record<string, unknown>;
interface Rule {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts?: number;
  readonly IntervalSeconds?: number;
  readonly Next?: string;
  readonly Output?: unknown;
}
interface State {
  readonly Type: "Pass" | "Choice" | "Task" | "Wait" | "Succeed" | "Fail";
  readonly Resource?: string;
  readonly Seconds?: number;
  readonly Arguments?: { readonly FunctionName: string; readonly Payload: Json };
  readonly TimeoutSeconds?: number;
  readonly Output?: unknown;
  readonly Retry?: readonly Rule[];
  readonly Catch?: readonly Rule[];
  readonly Next?: string;
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Default?: string;
}

export interface Run {
  readonly status: "done" | "halted";
  /** States entered, in order. */
  readonly states: readonly string[];
  readonly output: unknown;
}

/** What the machine has around it. */
export interface Around {
  invoke(functionName: string, payload: unknown): Promise<unknown>;
  pause(seconds: number): Promise<void>;
  /** Whether the token has come back; what people do meanwhile is done in here. */
  wait(token: string, seconds: number): Promise<boolean>;
}

export async function runLine(
  definition: Json,
  input: unknown,
  execution: string,
  around: Around,
): Promise<Run> {
  const all = definition["States"] as Record<string, State>;
  const context = { Execution: { Id: execution, StartTime: "2026-11-21T10:00:00.000Z" } };
  const states: string[] = [];
  let name = definition["StartAt"] as string;
  let current = input;
  for (;;) {
    const state = all[name];
    if (!state) throw new Error(`no state ${name}`);
    states.push(name);
    if (state.Type === "Succeed") return { status: "done", states, output: current };
    if (state.Type === "Fail") return { status: "halted", states, output: current };
    const scope = { input: current, context };
    const outcome =
      state.Type === "Task" ? await task(state, scope, around) : await passed(state, scope, around);
    current = outcome.output;
    name = outcome.next;
  }
}

async function passed(state: State, scope: Json, around: Around) {
  if (state.Type === "Wait") await around.pause(state.Seconds ?? 0);
  const output = state.Output === undefined ? scope["input"] : filled(state.Output, scope);
  return { output, next: state.Next ?? chosen(state, scope) };
}

/** Conditions ask for nothing but whether something is there. */
function chosen({ Choices = [], Default = "" }: State, scope: Json): string {
  const isThere = (condition: string) => {
    const path = /^\{% \$exists\((\$states\.[\w.]+)\) %\}$/.exec(condition)?.[1];
    if (path === undefined) throw new Error(`cannot judge ${condition}`);
    return filled(`{% ${path} %}`, scope) !== undefined;
  };
  return Choices.find(({ Condition }) => isThere(Condition))?.Next ?? Default;
}

let tokens = 0;

async function task(state: State, plain: Json, around: Around) {
  const used = new Map<Rule, number>();
  for (;;) {
    tokens += 1;
    const token = `token-${tokens}`;
    const scope = { ...plain, context: { ...(plain["context"] as Json), Task: { Token: token } } };
    try {
      const { FunctionName, Payload } = filled(state.Arguments, scope) as Call;
      const answer = await around.invoke(FunctionName, JSON.parse(JSON.stringify(Payload)));
      await returned(state, token, around);
      const result = { Payload: JSON.parse(JSON.stringify(answer ?? null)) };
      return { output: filled(state.Output, { ...scope, result }), next: state.Next ?? "" };
    } catch (cause) {
      const again = retryOf(state, (cause as Error).name, used);
      if (!again) return caught(state, scope, cause as Error);
      await around.pause(again.IntervalSeconds ?? 1);
    }
  }
}

async function returned({ Resource, TimeoutSeconds = 60 }: State, token: string, around: Around) {
  if (!Resource?.endsWith(".waitForTaskToken")) return;
  if (await around.wait(token, TimeoutSeconds)) return;
  const late = new Error("the task did not end within TimeoutSeconds");
  late.name = "States.Timeout";
  throw late;
}

type Call = NonNullable<State["Arguments"]>;

/** The rule that still has an attempt left for this error. */
function retryOf({ Retry }: State, error: string, used: Map<Rule, number>): Rule | undefined {
  const rule = Retry?.find((each) => matches(each, error));
  if (!rule) return undefined;
  const attempts = used.get(rule) ?? 0;
  used.set(rule, attempts + 1);
  return attempts < (rule.MaxAttempts ?? 3) ? rule : undefined;
}

function caught({ Catch }: State, scope: Json, cause: Error) {
  const rule = Catch?.find((each) => matches(each, cause.name));
  if (!rule) throw cause;
  const said = JSON.stringify({ errorMessage: cause.message });
  const errorOutput = { Error: cause.name, Cause: said };
  return { output: filled(rule.Output, { ...scope, errorOutput }), next: rule.Next ?? "" };
}

const matches = ({ ErrorEquals }: Rule, name: string) =>
  ErrorEquals.includes(name) || ErrorEquals.includes("States.ALL");

function filled(template: unknown, scope: Json): unknown {
  if (typeof template === "string") {
    const path = /^\{% \$states\.([\w.]+) %\}$/.exec(template)?.[1];
    return path
      ? path.split(".").reduce<unknown>((at, key) => (at as Json)?.[key], scope)
      : template;
  }
  if (Array.isArray(template)) return template.map((each) => filled(each, scope));
  if (template === null || typeof template !== "object") return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [key, filled(value, scope)]),
  );
}
