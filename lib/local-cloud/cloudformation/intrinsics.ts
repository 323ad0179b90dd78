import { AssemblyRefused } from "./refusal.ts";
import { isObject, type Properties, type Template } from "./template.ts";

/** What Ref and Fn::GetAtt give for a resource that exists. */
export interface Created {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** Everything an expression of one stack may name. */
export interface Names {
  readonly template: Template;
  readonly pseudo: Readonly<Record<string, unknown>>;
  readonly created: ReadonlyMap<string, Created>;
}

const NO_VALUE = Symbol("AWS::NoValue");

/** The value with all intrinsic functions resolved. Throws `AssemblyRefused` for those not supported. */
export function resolve(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, names)).filter((item) => item !== NO_VALUE);
  }
  if (!isObject(value)) return value;
  const [key, ...more] = Object.keys(value);
  if (key !== undefined && more.length === 0 && isIntrinsic(key)) {
    return intrinsic(key, value[key], names);
  }
  const entries = Object.entries(value).map(
    ([name, item]) => [name, resolve(item, names)] as const,
  );
  return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE));
}

const isIntrinsic = (key: string) => key === "Ref" || key === "Condition" || key.startsWith("Fn::");

type Intrinsic = (argument: unknown, names: Names) => unknown;

const list = (argument: unknown, names: Names) => resolve(argument, names) as readonly unknown[];
const unresolved = (argument: unknown) => argument as readonly unknown[];

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, names) => ref(String(argument), names),
  "Fn::GetAtt": (argument, names) => {
    const [id = "", ...path] = Array.isArray(argument) ? argument : String(argument).split(".");
    return attribute(String(id), path.join("."), names);
  },
  "Fn::Join": (argument, names) => {
    const [separator, parts] = list(argument, names);
    return (parts as readonly unknown[]).join(String(separator));
  },
  "Fn::Sub": substitute,
  "Fn::Select": (argument, names) => {
    const [index, items] = list(argument, names);
    return (items as readonly unknown[])[Number(index)];
  },
  "Fn::Split": (argument, names) => {
    const [separator, text] = list(argument, names);
    return String(text).split(String(separator));
  },
  "Fn::If": (argument, names) => {
    const [condition, yes, no] = unresolved(argument);
    return resolve(holds(String(condition), names) ? yes : no, names);
  },
  "Fn::Equals": (argument, names) => {
    const [one, other] = list(argument, names);
    return String(one) === String(other);
  },
  "Fn::And": (argument, names) => list(argument, names).every(Boolean),
  "Fn::Or": (argument, names) => list(argument, names).some(Boolean),
  "Fn::Not": (argument, names) => !list(argument, names)[0],
  Condition: (argument, names) =>
    typeof argument === "string" ? holds(argument, names) : { Condition: resolve(argument, names) },
  "Fn::FindInMap": (argument, names) => {
    const [map, first, second] = list(argument, names).map(String);
    return names.template.Mappings?.[`${map}`]?.[`${first}`]?.[`${second}`];
  },
  "Fn::Base64": (argument, names) =>
    Buffer.from(String(resolve(argument, names))).toString("base64"),
};

function intrinsic(name: string, argument: unknown, names: Names): unknown {
  const known = INTRINSICS[name];
  if (!known) throw new AssemblyRefused(`${name} is not supported by the local cloud`);
  return known(argument, names);
}

/** Whether a named condition of the template is true. */
export function holds(condition: string, names: Names): boolean {
  const expression = names.template.Conditions?.[condition];
  if (expression === undefined) throw new AssemblyRefused(`there is no condition ${condition}`);
  return resolve(expression, names) === true;
}

function ref(name: string, { pseudo, created, template }: Names): unknown {
  if (name === "AWS::NoValue") return NO_VALUE;
  const value = pseudo[name] ?? created.get(name)?.ref ?? template.Parameters?.[name]?.Default;
  if (value !== undefined) return value;
  throw new AssemblyRefused(`Ref ${name}: no such resource, and no parameter with a default`);
}

function attribute(id: string, path: string, { created }: Names): unknown {
  const value = created.get(id)?.attributes?.[path];
  if (value !== undefined) return value;
  throw new AssemblyRefused(
    `Fn::GetAtt ${id}.${path}: the local cloud does not give that attribute`,
  );
}

/** `${!x}` stays `${x}`; `${A.B}` is an attribute. */
function substitute(argument: unknown, names: Names): string {
  const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = resolve(own, names) as Properties;
  return String(text).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (Object.hasOwn(variables, name)) return String(variables[name]);
    const [id = "", ...path] = name.split(".");
    return String(path.length > 0 ? attribute(id, path.join("."), names) : ref(name, names));
  });
}
