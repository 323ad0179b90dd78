import { once } from "node:events";
import { hanging } from "../operator/hanging.ts";
import type { StepLine } from "../operator/step-lines.ts";

/** Each as a line of its own on standard output. */
export function say(...lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}

/** The same on standard error. */
export function sayAside(...lines: readonly string[]): void {
  for (const line of lines) console.error(line);
}

/** Parts of a text that is too long to be held, as fast as standard output takes them. */
export async function sayParts(parts: Iterable<string>): Promise<void> {
  for (const part of parts) {
    if (process.stdout.write(part) === false) await once(process.stdout, "drain");
  }
}

/** `    +3.4 s  Fence      fenced: quarantined, 2 sessions ended` */
export const tellStep = (line: StepLine): void => say(...hangingStep(line));

export const hangingStep = ({ seconds, state, words }: StepLine): readonly string[] =>
  hanging(`${`+${seconds.toFixed(1)} s`.padStart(10)}  ${state.padEnd(10)} `, words);
