import type { Parameter as Given } from "@aws-sdk/client-cloudformation";
import type { Parameter, Template } from "../template.ts";
import { invalid } from "./book.ts";

export interface ParameterValue {
  /** As it was given, or the default: of an SSM parameter its name. */
  readonly given: string;
  /** What Ref gives: of a list its items. */
  readonly value: string | readonly string[];
}

export type ParameterValues = ReadonlyMap<string, ParameterValue>;

export interface Known {
  /** Values of the deployed stack, for `UsePreviousValue`. */
  readonly previous?: ParameterValues | undefined;
  /** Parameter Store's, of the stack's account and region. */
  readonly stored: (name: string) => string | undefined;
}

const STORED = /^AWS::SSM::Parameter::Value<(.+)>$/;

/** @throws AwsError ValidationError as CloudFormation words it */
export function parameterValues(
  { Parameters = {} }: Template,
  given: readonly Given[],
  known: Known,
): ParameterValues {
  const stray = given.find(({ ParameterKey: key = "" }) => !Object.hasOwn(Parameters, key));
  if (stray) throw invalid(`Parameters: [${stray.ParameterKey}] do not exist in the template`);
  const values = Object.entries(Parameters).map(([name, parameter]) => {
    const text = textOf(name, parameter, given, known.previous);
    return [name, { given: text, value: meaningOf(name, parameter, text, known) }] as const;
  });
  return new Map(values);
}

function textOf(
  name: string,
  { Default }: Parameter,
  given: readonly Given[],
  previous: ParameterValues | undefined,
): string {
  const said = given.find(({ ParameterKey }) => ParameterKey === name);
  const text = said?.UsePreviousValue ? previous?.get(name)?.given : said?.ParameterValue;
  if (text !== undefined) return text;
  if (Default !== undefined) return String(Default);
  throw invalid(`Parameters: [${name}] must have values`);
}

function meaningOf(name: string, parameter: Parameter, text: string, { stored }: Known) {
  const [, inner] = STORED.exec(parameter.Type ?? "") ?? [];
  const value = inner === undefined ? text : stored(text);
  if (value === undefined) {
    throw invalid(`Unable to fetch parameters [${text}] from parameter store for this account.`);
  }
  check(name, parameter, text);
  const isList = /^(CommaDelimitedList|List<.+>)$/.test(inner ?? parameter.Type ?? "");
  return isList ? value.split(",").map((item) => item.trim()) : value;
}

function check(name: string, parameter: Parameter, text: string): void {
  const { AllowedValues, AllowedPattern, ConstraintDescription } = parameter;
  const isAllowed = AllowedValues?.map(String).includes(text) ?? true;
  const matches = AllowedPattern === undefined || new RegExp(`^(?:${AllowedPattern})$`).test(text);
  if (isAllowed && matches) return;
  const why =
    ConstraintDescription ??
    (isAllowed
      ? `it must match ${AllowedPattern}`
      : `it must be one of ${AllowedValues?.join(", ")}`);
  throw invalid(`Parameter '${name}' must satisfy its constraint, got '${text}': ${why}`);
}
