import jsonata from "jsonata";
import type { Json, Template } from "./definition.ts";
import { StateFailure } from "./failure.ts";
import { registerStatesFunctions } from "./jsonata-functions.ts";

/** What `$states` and the variables hold while a state is evaluated. */
export interface Bindings {
  readonly states: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, Json>>;
}

const EXPRESSION = /^\{%(?<source>[\s\S]*)%\}$/;
const compiled = new Map<string, jsonata.Expression>();

/**
 * Replaces every `{% … %}` string of the template by its value. An expression that fails or gives
 * nothing is a States.QueryEvaluationError, as in Step Functions: a misspelt key stops the machine.
 */
export async function evaluate(template: Template, bindings: Bindings): Promise<Json> {
  if (typeof template === "string") {
    const source = EXPRESSION.exec(template)?.groups?.["source"];
    return source === undefined ? template : evaluateSource(source, bindings);
  }
  if (Array.isArray(template)) {
    return Promise.all(template.map((item) => evaluate(item, bindings)));
  }
  if (typeof template !== "object" || template === null) return template;
  const entries = Object.entries(template).map(
    async ([key, value]) => [key, await evaluate(value, bindings)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function evaluateSource(source: string, { states, variables }: Bindings): Promise<Json> {
  const value = await run(source, { ...variables, states });
  // A function value has no JSON either.
  const json = JSON.stringify(value);
  if (json === undefined) {
    throw new StateFailure(
      "States.QueryEvaluationError",
      `The JSONata expression '${source.trim()}' returned nothing (undefined).`,
    );
  }
  return JSON.parse(json) as Json;
}

async function run(source: string, bindings: Record<string, unknown>): Promise<unknown> {
  try {
    // Unlike plain JSONata, an expression has no context value: `$` is nothing.
    return await compile(source).evaluate(undefined, bindings);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : messageOf(cause);
    throw new StateFailure(
      "States.QueryEvaluationError",
      `The JSONata expression '${source.trim()}' threw an error: ${why}`,
    );
  }
}

function compile(source: string): jsonata.Expression {
  const known = compiled.get(source);
  if (known) return known;
  const expression = jsonata(source);
  registerStatesFunctions(expression);
  compiled.set(source, expression);
  return expression;
}

/** jsonata throws plain objects. */
const messageOf = (cause: unknown) =>
  String((cause as { readonly message?: unknown } | undefined)?.message ?? cause);
