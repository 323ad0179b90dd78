import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daysNotUp, hoursOf, worstOf } from "../../../../lib/sla/books/hours.ts";
import { outagesOf, runsOf } from "../../../../lib/sla/books/minute-runs.ts";
import { type Interval, STATES, sheetOf } from "../../../../lib/sla/books/minute-sheet.ts";
import { monthSpan } from "../../../../lib/sla/books/month.ts";
import { tallyOf } from "../../../../lib/sla/books/tally.ts";

const MINUTE = 60_000;
const BEGAN = Date.parse("2026-10-05T10:00Z");

/** `uuddm` from ten o'clock on; `D` and `U` are maintenance over what was seen. */
function runs(letters: string) {
  const span = { fromMs: BEGAN, toMs: BEGAN + letters.length * MINUTE };
  const intervals = [...letters].flatMap((letter, index): Interval[] => {
    const at = { fromMs: BEGAN + index * MINUTE, toMs: BEGAN + (index + 1) * MINUTE };
    const seen = { u: "up", U: "up", d: "down", D: "down" }[letter] as "up" | "down" | undefined;
    const isAnnounced = "mDU".includes(letter);
    return [
      ...(seen ? [{ ...at, state: seen }] : []),
      ...(isAnnounced ? [{ ...at, state: "maintenance" as const }] : []),
    ];
  });
  return runsOf(span, sheetOf(span, intervals).minutes());
}

const clock = (ms: number) => new Date(ms).toISOString().slice(11, 16);

describe("outages", () => {
  it.each([
    ["uuuu", []],
    ["uddu", ["10:01-10:03 2"]],
    ["dudd", ["10:00-10:01 1", "10:02-10:04 2"]],
    ["d??du", ["10:00-10:04 2"]],
    ["dDDdu", ["10:00-10:04 2"]],
    ["dUd", ["10:00-10:01 1", "10:02-10:03 1"]],
    ["??d??u", ["10:02-10:03 1"]],
  ])("of %s: %j", (letters, expected) => {
    const found = outagesOf(runs(letters)).map(
      ({ fromMs, toMs, minutes }) => `${clock(fromMs)}-${clock(toMs)} ${minutes}`,
    );
    expect(found).toEqual(expected);
  });

  it("and runs say what the tally of the same minutes says", () => {
    const letter = fc.constantFrom("u", "d", "?", "m", "D", "U");
    fc.assert(
      fc.property(fc.array(letter, { minLength: 1, maxLength: 60 }), (letters) => {
        const all = runs(letters.join(""));
        const minutes = all.flatMap(({ state, seen, fromMs, toMs }) =>
          Array.from({ length: (toMs - fromMs) / MINUTE }, () => ({ state, seen })),
        );
        const tally = tallyOf(minutes);
        const outages = outagesOf(all).map((each) => each.minutes);
        expect(minutes.length).toBe(letters.length);
        expect(Math.max(0, ...outages)).toBe(tally.longestOutageMinutes);
        expect(outages.reduce((sum, each) => sum + each, 0)).toBe(tally.minutes.down);
        for (const [index, { fromMs, state, seen }] of all.entries()) {
          const before = all[index - 1];
          if (!before) continue;
          expect(before.toMs).toBe(fromMs);
          expect(`${before.state} ${before.seen}`).not.toBe(`${state} ${seen}`);
        }
      }),
    );
  });
});

describe("hours", () => {
  const month = (timezone: string, name: string) => {
    const span = monthSpan(name, timezone);
    return hoursOf(runsOf(span, sheetOf(span, []).minutes()), timezone);
  };

  it.each([
    ["Europe/Riga", "2026-10", 744, "2026-10-25 3", 120],
    ["Europe/Riga", "2026-03", 743, "2026-03-29 4", 60],
    ["Asia/Kolkata", "2026-10", 744, "2026-10-01 0", 60],
    ["Australia/Lord_Howe", "2026-04", 720, "2026-04-05 1", 90],
    ["Asia/Jakarta", "2026-02", 672, "2026-02-28 23", 60],
  ])("of %s in %s are %i; %s has %i minutes", (timezone, name, count, which, minutes) => {
    const all = month(timezone, name);
    expect(all.length).toBe(count);
    expect(all.find(({ day, hour }) => `${day} ${hour}` === which)?.minutes.unobserved).toBe(
      minutes,
    );
  });

  it("hold every minute once, in whichever zone", () => {
    const zone = fc.constantFrom("Europe/Riga", "Asia/Kathmandu", "America/St_Johns", "UTC");
    const letters = fc.array(fc.constantFrom("u", "d", "?", "m"), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(zone, letters, (timezone, each) => {
        const all = hoursOf(runs(each.join("")), timezone);
        for (const [letter, state] of [
          ["u", "up"],
          ["d", "down"],
          ["m", "maintenance"],
          ["?", "unobserved"],
        ] as const) {
          const sum = all.reduce((minutes, hour) => minutes + hour.minutes[state], 0);
          expect(sum).toBe(each.filter((found) => found === letter).length);
        }
      }),
    );
  });

  it("are shown as the worst they have, and days only where they have something but up", () => {
    const all = hoursOf(runs(`${"u".repeat(59)}d${"u".repeat(60)}${"m".repeat(60)}`), "UTC");
    expect(all.map(worstOf)).toEqual(["down", "up", "maintenance"]);
    expect(daysNotUp(all)).toEqual([
      {
        day: "2026-10-05",
        minutes: { up: 119, down: 1, maintenance: 60, excluded: 0, unobserved: 0 },
      },
    ]);
    expect(daysNotUp(hoursOf(runs("u".repeat(90)), "UTC"))).toEqual([]);
    expect(STATES.map((state) => worstOf({ minutes: { ...NONE, up: 1, [state]: 1 } }))).toEqual(
      STATES,
    );
  });
});

const NONE = { maintenance: 0, excluded: 0, down: 0, up: 0, unobserved: 0 };
