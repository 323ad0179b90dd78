import { AwsError } from "../wire/service.ts";

/** A parameter that is refused, with what would be allowed. */
export const invalidValue = (message: string) =>
  new AwsError("InvalidParameterValue", message, 400);
export const invalidCombination = (message: string) =>
  new AwsError("InvalidParameterCombination", message, 400);

/** @throws AwsError InvalidParameterValue */
export function wholeNumber(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidValue(
    `Invalid value ${value} for ${name}: expected a whole number from ${min} to ${max}.`,
  );
}

/**
 * A parameter this cloud would ignore is refused: a rehearsal must not pass because something was left out.
 *
 * @throws AwsError InvalidParameterValue naming all of them
 */
export function refuseUnknown(operation: string, input: object, known: readonly string[]): void {
  const unknown = Object.entries(input)
    .filter(([name, value]) => value !== undefined && !known.includes(name))
    .map(([name]) => name);
  if (unknown.length === 0) return;
  throw invalidValue(
    `${operation}: the local cloud does not simulate ${unknown.join(", ")}; it knows ${known.join(", ")}.`,
  );
}

/** @throws AwsError InvalidParameterValue */
export function checkedPassword(value: string | undefined): string {
  if (value !== undefined && /^[\x20-\x7e]{8,128}$/.test(value) && !/[/"@ ]/.test(value))
    return value;
  throw invalidValue(
    'The parameter MasterUserPassword is not a valid password: 8 to 128 printable ASCII characters besides "/", "@", \'"\' and space.',
  );
}
