import { closest, distance } from "fastest-levenshtein";
import type { Path, Problem } from "./problem.ts";

/** A mistake before its place in the file is looked up. */
export interface Mistake {
  readonly path: Path;
  readonly message: string;
  /** Points at the key instead of its value. */
  readonly atKey?: true;
  readonly kind?: Problem["kind"];
}

/** `; did you mean 'standby'?` where a name is near enough, else nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const nearest = closest(name.toLowerCase(), [...known]);
  const tolerated = Math.max(2, Math.floor(nearest.length / 3));
  const near = distance(name.toLowerCase(), nearest.toLowerCase()) <= tolerated;
  return near ? `; did you mean '${nearest}'?` : "";
}

/** A value as the file shows it, cut where it would fill the screen. */
export function shown(value: unknown): string {
  if (value === null) return "nothing";
  const text = typeof value === "string" ? `'${value}'` : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
