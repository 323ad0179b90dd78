import { didYouMean, shown } from "../fleet/mistake.ts";
import { instantMs, isBefore, whyNoInstant } from "../operator/instant.ts";
import { type Interval, type MinuteState, STATES } from "../sla/books/minute-sheet.ts";
import { UserError } from "./user-error.ts";

export const WANTED =
  'expected a JSON array like [{"from": "2026-10-05T03:10:00Z", "to": "2026-10-05T03:25:00Z", "state": "down"}]';

/** Of a value in a message: whoever pastes a page where an instant belongs need not read it again. */
const LONGEST = 60;

/**
 * The intervals of a JSON text; keys besides `from`, `to` and `state` are left alone.
 *
 * @param timezone for the likely fix of a time without one
 * Throws UserError with the place of the first mistake.
 */
export function* intervalsOf(text: string, timezone: string): Generator<Interval> {
  const rows = arrayIn(parsed(text));
  for (const [index, row] of rows.entries()) yield intervalOf(row, index, timezone);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { message } = cause as SyntaxError;
    const cut = message.startsWith("Unexpected end") ? "; was it cut?" : "";
    throw new UserError(`standard input is no JSON: ${message}${cut}`, 2, { cause });
  }
}

function arrayIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const isObject = typeof value === "object" && value !== null;
  const [key] = Object.entries(isObject ? value : {}).find(([, each]) => Array.isArray(each)) ?? [];
  const fix = key === undefined ? "" : `; its '${key}' is one: jq .${key}`;
  throw new UserError(`standard input is no array: ${WANTED}, got ${shown(value)}${fix}`);
}

function intervalOf(row: unknown, index: number, timezone: string): Interval {
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw new UserError(
      `[${index}]: expected an object with from, to and state, got ${shown(row)}`,
    );
  }
  const { from, to, state } = row as Readonly<Record<string, unknown>>;
  // What is touched for less than a millisecond is touched.
  const instant = (key: "from" | "to", value: unknown) =>
    typeof value === "string"
      ? (instantMs(value, key === "from" ? "floor" : "ceil") ??
        wrong(index, key, whyNoInstant(value.slice(0, LONGEST), timezone)))
      : wrong(index, key, missing(value, row, "an instant like 2026-10-05T03:10:00Z"));
  const [fromMs, toMs] = [instant("from", from), instant("to", to)];
  if (toMs - fromMs > 1 || isBefore(String(from), String(to))) {
    return { fromMs, toMs, state: stateOf(state, index, row) };
  }
  return wrong(index, "to", `${shown(to)} is not after from, ${shown(from)}; are they swapped?`);
}

function stateOf(value: unknown, index: number, row: object): MinuteState {
  const found = STATES.find((state) => state === value);
  if (found) return found;
  const allowed = `one of ${STATES.toReversed().join(", ")}`;
  if (typeof value !== "string") return wrong(index, "state", missing(value, row, allowed));
  return wrong(
    index,
    "state",
    `expected ${allowed}, got ${shown(value)}${didYouMean(value.slice(0, LONGEST), STATES)}`,
  );
}

/** Of a value that is no text: most likely the key is written differently, or the instant is a number. */
function missing(value: unknown, row: object, expected: string): string {
  if (value !== undefined) return `expected ${expected}, got ${shown(value)}${asInstant(value)}`;
  return `expected ${expected}; it is missing, there is ${Object.keys(row).join(", ") || "nothing"}`;
}

/** Seconds, or milliseconds, since 1970 that lie in a year one would ask for. */
function asInstant(value: unknown): string {
  const seconds = typeof value === "number" && value > 1e11 ? value / 1000 : Number(value);
  if (typeof value !== "number" || seconds < 1e8 || seconds > 1e10) return "";
  return `; as Unix time that is "${new Date(seconds * 1000).toISOString()}"`;
}

function wrong(index: number, key: string, why: string): never {
  throw new UserError(`[${index}].${key}: ${why}`);
}
