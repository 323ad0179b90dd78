import { invalidValue, wholeNumber } from "./parameters.ts";

export interface PageRequest {
  readonly MaxRecords?: number | undefined;
  readonly Marker?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly marker?: string;
}

/**
 * The next page of what is sorted by a unique key. The marker holds the last key seen, so that what comes and goes
 * between two pages shifts nothing.
 *
 * @throws AwsError InvalidParameterValue for a marker of somebody else or a size outside 20–100
 */
export function pageOf<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  request: PageRequest,
): Page<T> {
  const size = wholeNumber("MaxRecords", request.MaxRecords ?? 100, 20, 100);
  const after = request.Marker ? keyIn(request.Marker) : undefined;
  const rest = all
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .filter((item) => after === undefined || keyOf(item) > after);
  const items = rest.slice(0, size);
  const last = items.at(-1);
  if (last === undefined || rest.length === items.length) return { items };
  return { items, marker: Buffer.from(`after:${keyOf(last)}`).toString("base64url") };
}

function keyIn(marker: string): string {
  const text = Buffer.from(marker, "base64url").toString();
  if (!text.startsWith("after:"))
    throw invalidValue(`The request includes an invalid marker: ${marker}`);
  return text.slice("after:".length);
}
