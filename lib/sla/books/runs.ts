import type { Interval, Minute } from "./minute-sheet.ts";

type Seen = Minute["seen"];

const MINUTE_MS = 60_000;
const LETTERS = { up: "u", down: "d", unobserved: "-" } as const satisfies Record<Seen, string>;
const STATES: Readonly<Record<string, Seen>> = { u: "up", d: "down", "-": "unobserved" };
const WRITTEN = /^(?:\d+[ud-])*$/;

/** Minutes in their order as how many of a kind follow each other: `720u3d717u`. What nobody saw at the end is left out. */
export function writeRuns(minutes: Iterable<Seen>): string {
  let [written, blind] = ["", ""];
  let [state, count]: [Seen | undefined, number] = [undefined, 0];
  const close = () => {
    if (state === undefined) return;
    const run = `${count}${LETTERS[state]}`;
    if (state === "unobserved") blind = run;
    else [written, blind] = [`${written}${blind}${run}`, ""];
  };
  for (const minute of minutes) {
    if (minute === state) {
      count += 1;
      continue;
    }
    close();
    [state, count] = [minute, 1];
  }
  close();
  return written;
}

/** What was seen in runs that begin at an instant, in ms. Throws RangeError if they were not written as above. */
export function* readRuns(runs: string, fromMs: number): Generator<Interval> {
  if (!WRITTEN.test(runs)) throw new RangeError(`'${runs}' are no runs, like 720u3d717u`);
  let at = fromMs;
  for (const [, count, letter = ""] of runs.matchAll(/(\d+)([ud-])/g)) {
    const toMs = at + Number(count) * MINUTE_MS;
    const state = STATES[letter];
    if (state !== undefined && state !== "unobserved") yield { state, fromMs: at, toMs };
    at = toMs;
  }
}
