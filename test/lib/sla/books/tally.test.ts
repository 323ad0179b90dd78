import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { settle } from "../../../../lib/sla/books/availability.ts";
import {
  type Interval,
  type MinuteState,
  STATES,
  sheetOf,
} from "../../../../lib/sla/books/minute-sheet.ts";
import { tallyOf } from "../../../../lib/sla/books/tally.ts";

const MINUTE_MS = 60_000;
const HOUR = { fromMs: 0, toMs: 60 * MINUTE_MS };

/** `up 0..60`, `down 10..20.5`: minutes. */
const read = (...texts: readonly string[]): readonly Interval[] =>
  texts.map((text) => {
    const [state = "", from = 0, to = 0] = text.split(/ |\.\./);
    return {
      ...{ state: state as MinuteState },
      ...{ fromMs: Number(from) * MINUTE_MS, toMs: Number(to) * MINUTE_MS },
    };
  });
const tally = (...texts: readonly string[]) => tallyOf(sheetOf(HOUR, read(...texts)).minutes());

describe("a minute is what touches it and stands highest", () => {
  test.for<[string, readonly string[], Partial<Record<MinuteState, number>>]>([
    ["nothing touches it", [], { unobserved: 60 }],
    ["a gap", ["up 0..20", "up 30..60"], { up: 50, unobserved: 10 }],
    ["a good look beats that nobody looked", ["unobserved 0..60", "up 0..60"], { up: 60 }],
    ["one bad look beats all good ones", ["up 0..60", "down 10..20"], { up: 50, down: 10 }],
    [
      "what is excluded beats what was seen",
      ["up 0..60", "down 10..20", "excluded 15..30"],
      { up: 40, down: 5, excluded: 15 },
    ],
    [
      "what was announced beats what is argued afterwards",
      ["down 0..60", "excluded 10..30", "maintenance 20..40"],
      { down: 30, excluded: 10, maintenance: 20 },
    ],
    [
      "incidents that overlap count once",
      ["down 0..30", "down 10..20", "down 20..40"],
      { down: 40, unobserved: 20 },
    ],
    ["the same twice counts once", ["up 0..60", "up 0..60"], { up: 60 }],
    ["half a minute down is a minute down", ["up 0..60", "down 10.5..10.6"], { up: 59, down: 1 }],
    ["one that begins where a minute ends", ["up 0..60", "down 10..11"], { up: 59, down: 1 }],
    ["a second of each of two minutes", ["up 0..60", "down 10.99..11.01"], { up: 58, down: 2 }],
    [
      "what lies outside is left out",
      ["up -5..5", "down 59..90", "down 60..70"],
      { up: 5, down: 1, unobserved: 54 },
    ],
  ])("%s", ([, texts, expected]) => {
    const { minutes } = tally(...texts);
    expect(minutes).toEqual({
      ...{ total: 60, up: 0, down: 0, unobserved: 0, maintenance: 0, excluded: 0 },
      ...expected,
    });
  });
});

describe("the longest outage", () => {
  test.for<[string, readonly string[], number]>([
    ["none", ["up 0..60"], 0],
    ["the longer of two", ["up 0..60", "down 0..5", "down 20..30"], 10],
    ["nobody looking does not end one, and is not counted", ["down 0..5", "down 20..30"], 15],
    ["nor does maintenance while it lasted", ["down 0..30", "maintenance 10..20"], 20],
    [
      "maintenance in which it answered does",
      ["up 0..60", "down 0..10", "maintenance 10..20", "down 20..30"],
      10,
    ],
    ["nor do minutes that are excluded", ["down 0..30", "excluded 5..6"], 29],
  ])("%s", ([, texts, minutes]) => {
    expect(tally(...texts).longestOutageMinutes).toBe(minutes);
  });
});

const instants = fc.integer({ min: -10 * MINUTE_MS, max: 70 * MINUTE_MS });
const interval: fc.Arbitrary<Interval> = fc
  .record({
    ...{ state: fc.constantFrom(...STATES), fromMs: instants },
    length: fc.integer({ min: 1, max: 30 * MINUTE_MS }),
  })
  .map(({ state, fromMs, length }) => ({ state, fromMs, toMs: fromMs + length }));
const intervals = fc.array(interval, { maxLength: 12 });
const counted = (list: readonly Interval[], span = HOUR) => tallyOf(sheetOf(span, list).minutes());

describe("whatever the intervals", () => {
  it("parts sum to the whole, wherever a span is cut", () => {
    fc.assert(
      fc.property(intervals, instants, (list, at) => {
        const cut = Math.min(Math.max(at, HOUR.fromMs), HOUR.toMs);
        const { minutes } = counted(list);
        const before = counted(list, { ...HOUR, toMs: cut }).minutes;
        const after = counted(list, { ...HOUR, fromMs: cut }).minutes;
        for (const state of [...STATES, "total"] as const) {
          expect(before[state] + after[state]).toBe(minutes[state]);
        }
        expect(STATES.reduce((sum, state) => sum + minutes[state], 0)).toBe(minutes.total);
      }),
    );
  });

  it("their order does not matter", () => {
    fc.assert(
      fc.property(intervals, (list) => {
        expect(counted(list.toReversed())).toEqual(counted(list));
      }),
    );
  });

  it("one more good look never lowers availability nor lengthens an outage", () => {
    fc.assert(
      fc.property(intervals, interval, (list, { fromMs, toMs }) => {
        const [before, after] = [counted(list), counted([...list, { state: "up", fromMs, toMs }])];
        const [was, is] = [before, after].map(({ minutes }) => settle(minutes, {}).availability);
        expect(Number(is ?? 0)).toBeGreaterThanOrEqual(Number(was ?? 0));
        expect(after.longestOutageMinutes).toBeLessThanOrEqual(before.longestOutageMinutes);
      }),
    );
  });

  it("maintenance never raises downtime, and what is excluded neither", () => {
    const uncounted = fc.constantFrom("maintenance", "excluded");
    fc.assert(
      fc.property(intervals, interval, uncounted, (list, { fromMs, toMs }, state) => {
        const [before, after] = [counted(list), counted([...list, { state, fromMs, toMs }])];
        expect(after.minutes.down).toBeLessThanOrEqual(before.minutes.down);
        expect(after.longestOutageMinutes).toBeLessThanOrEqual(before.longestOutageMinutes);
      }),
    );
  });

  it("each minute is what a look at all of them says", () => {
    fc.assert(
      fc.property(intervals, (list) => {
        const states = Array.from({ length: 60 }, (_, minute) => {
          const [from, to] = [minute * MINUTE_MS, (minute + 1) * MINUTE_MS];
          const touching = list.filter(({ fromMs, toMs }) => fromMs < to && toMs > from);
          return STATES.find((state) => touching.some((each) => each.state === state));
        });
        const found = [...sheetOf(HOUR, list).minutes()].map(({ state }) => state);
        expect(found).toEqual(states.map((state) => state ?? "unobserved"));
      }),
    );
  });
});
