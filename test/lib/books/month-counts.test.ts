import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countedMonth } from "../../../lib/books/month-counts.ts";
import type { IncidentSpan } from "../../../lib/sla/books/annotation.ts";
import { type Interval, sheetOf } from "../../../lib/sla/books/minute-sheet.ts";
import { tallyOf } from "../../../lib/sla/books/tally.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { cloudpepperHigh } from "../../../lib/sla/presets/cloudpepper-high.ts";

const MINUTE_MS = 60_000;
const BEGINNING = Date.parse("2026-03-02T10:00:00Z");
const at = (minute: number) => BEGINNING + minute * MINUTE_MS;
/** A minute a letter: down, up, or seen by nobody. */
const STATES = { d: "down", u: "up" } as const;
const intervalsOf = (minutes: string): readonly Interval[] =>
  [...minutes].flatMap((letter, index) =>
    letter === "d" || letter === "u"
      ? [{ state: STATES[letter], fromMs: at(index), toMs: at(index + 1) }]
      : [],
  );

/** What is excluded of minutes by an annotation of an incident, of a plan that looks each minute and closes after two good looks. */
function excluded(minutes: string, incident: IncidentSpan) {
  const said = { ...({ instance: "acme", incident: "i1", cause: "customer-code" } as const) };
  const record = { ...said, reason: "theirs", by: "arn:ops", at: "2026-03-03T08:00:00Z" };
  const claims = {
    ...{ windows: [], unreadable: [] },
    annotated: new Map([["acme", [{ ...record, span: incident }]]]),
  };
  const span = { fromMs: at(0), toMs: at(minutes.length) };
  const watch = { everySeconds: 60, badRounds: 3, goodRounds: 2 };
  const plan = { ...cloudpepperHigh, watch } as unknown as Plan;
  const { intervals } = countedMonth(intervalsOf(minutes), claims, {
    instance: "acme",
    plan,
    span,
  });
  return tallyOf(sheetOf(span, intervals).minutes()).minutes.excluded;
}

describe("an incident that was annotated", () => {
  it.each<[string, string, number, number, number]>([
    ["leaves out what was down in it", "udddu", 1, 4, 3],
    ["is one as long as good looks are too few to end it", "udduddu", 1, 6, 4],
    ["is one while nobody looks", "udd---ddu", 1, 8, 4],
    ["is over where its record says so", "udddddu", 1, 3, 2],
    ["is over where the rounds show it, whatever its record says", "udduuuddd", 1, 9, 2],
    ["is none before the rounds show one", "uuuuddduu", 0, 9, 0],
    ["may have begun before the month", "dduu", -60, 2, 2],
  ])("%s: %s", (_, minutes, from, to, expected) => {
    expect(excluded(minutes, { fromMs: at(from), toMs: at(to) })).toBe(expected);
  });

  it("never takes out two outages that were good in between for long enough", () => {
    const part = fc.stringMatching(/^[du-]{0,6}$/);
    const everything = { fromMs: at(-10), toMs: at(100) };
    fc.assert(
      fc.property(part, part, (before, after) => {
        const first = excluded(`${before}uu`, everything);
        expect(excluded(`${before}uu${after}`, everything)).toBe(first);
      }),
    );
  });
});
