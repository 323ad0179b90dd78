import { hanging } from "../operator/hanging.ts";
import type { StepLine } from "../operator/step-lines.ts";

/** Each as a line of its own on standard output. */
export function say(...lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}

/** `    +3.4 s  Fence      fenced: quarantined, 2 sessions ended` */
export const tellStep = ({ seconds, state, words }: StepLine): void =>
  say(...hanging(`${`+${seconds.toFixed(1)} s`.padStart(10)}  ${state.padEnd(10)} `, words));
