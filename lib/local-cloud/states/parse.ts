import type { Definition } from "./definition.ts";
import { resourceOf } from "./resource.ts";
import { FIELDS, JSONPATH_FIELDS } from "./vocabulary.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Why a definition was refused, in one line that names the machine and the state. */
export class DefinitionRefused extends Error {
  override readonly name = "InvalidDefinition";
}

/**
 * Reads a state machine in JSONata. Throws `DefinitionRefused` for JSONPath, for anything this
 * interpreter would have to ignore, and for transitions that lead nowhere.
 */
export function parseDefinition(text: string, machine: string): Definition {
  const refuse = (place: string, why: string): never => {
    throw new DefinitionRefused(`state machine ${machine}, ${place}: ${why}`);
  };
  const definition = parseJson(text, refuse);
  if (definition["QueryLanguage"] !== "JSONata") {
    const found = definition["QueryLanguage"] ?? "JSONPath (the default)";
    refuse(
      "QueryLanguage",
      `${found} is not run here; write "QueryLanguage": "JSONata" at the top`,
    );
  }
  checkMachine(definition, refuse);
  return definition as unknown as Definition;
}

type Refuse = (place: string, why: string) => never;

function parseJson(text: string, refuse: Refuse): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (isFields(value)) return value;
  } catch (cause) {
    return refuse("definition", `not JSON: ${cause instanceof Error ? cause.message : cause}`);
  }
  return refuse("definition", "expected a JSON object");
}

function checkMachine(machine: Fields, refuse: Refuse): void {
  const states = machine["States"];
  if (!isFields(states)) refuse("States", "missing; expected an object of states");
  if (!Object.hasOwn(states, String(machine["StartAt"])))
    refuse("StartAt", `no state is named '${machine["StartAt"]}'`);
  for (const [name, state] of Object.entries(states)) {
    const refuseState: Refuse = (place, why) =>
      refuse(`state ${name}${place && `, ${place}`}`, why);
    if (!isFields(state)) refuseState("", "expected an object");
    checkState(state, refuseState);
    checkTargets(state, states, refuseState);
    for (const inner of innerMachines(state)) checkMachine(inner, refuse);
  }
}

function checkTargets(state: Fields, states: Fields, refuse: Refuse): void {
  const lost = targetsOf(state).find((next) => !Object.hasOwn(states, next));
  if (lost !== undefined) refuse("", `leads to '${lost}', which is not there`);
}

function checkState(state: Fields, refuse: Refuse): void {
  const type = String(state["Type"]);
  const allowed = FIELDS[type];
  if (!allowed) refuse("Type", `'${type}' is unknown; one of ${Object.keys(FIELDS).join(", ")}`);
  if ((state["QueryLanguage"] ?? "JSONata") !== "JSONata")
    refuse("QueryLanguage", `${state["QueryLanguage"]} is not run here; use JSONata`);
  for (const field of Object.keys(state)) {
    if (JSONPATH_FIELDS.has(field))
      refuse(field, "belongs to JSONPath; rewrite the state in JSONata");
    if (!allowed.includes(field)) refuse(field, `not supported in a ${type} state`);
  }
  if (type === "Task") checkTask(state, refuse);
  checkEnd(state, type, refuse);
}

function checkTask(state: Fields, refuse: Refuse): void {
  if (!resourceOf(String(state["Resource"])))
    refuse(
      "Resource",
      `'${state["Resource"]}' is not supported; use arn:aws:states:::lambda:invoke, with or without .waitForTaskToken, a function's ARN, or arn:aws:states:::ecs:runTask.sync`,
    );
}

function checkEnd(state: Fields, type: string, refuse: Refuse): void {
  const ends = ["Choice", "Succeed", "Fail"].includes(type);
  const leads = (typeof state["Next"] === "string") !== (state["End"] === true);
  if (!ends && !leads) refuse("Next", 'expected either "Next" or "End": true');
}

function targetsOf(state: Fields): string[] {
  const rules = [...list(state["Choices"]), ...list(state["Catch"])].map((rule) => rule["Next"]);
  return [state["Next"], state["Default"], ...rules]
    .filter((next) => next !== undefined)
    .map(String);
}

const innerMachines = (state: Fields): Fields[] => [
  ...list(state["Branches"]),
  ...(state["Type"] === "Map" ? [(state["ItemProcessor"] ?? {}) as Fields] : []),
];

const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
