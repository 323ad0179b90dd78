import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { businessHoursIn } from "../../../../lib/sla/books/business-hours.ts";
import { countedIntervals } from "../../../../lib/sla/books/counted.ts";
import { type Interval, sheetOf } from "../../../../lib/sla/books/minute-sheet.ts";
import { tallyOf } from "../../../../lib/sla/books/tally.ts";
import {
  holdingWindow,
  readWindow,
  type Window,
  type WindowRecord,
  windowOf,
} from "../../../../lib/sla/books/window.ts";
import { windowCounts } from "../../../../lib/sla/books/window-counts.ts";
import { windowsShown } from "../../../../lib/sla/books/windows-shown.ts";
import type { Plan } from "../../../../lib/sla/plan.ts";
import { cloudpepperHigh } from "../../../../lib/sla/presets/cloudpepper-high.ts";
import { mintsys } from "../../../../lib/sla/presets/mintsys.ts";

const NIGHT: WindowRecord = {
  ...{ window: "m1", kind: "planned", scope: "fleet", instances: ["acme", "birch"] },
  ...{ fromAt: "2026-10-06T20:00:00.000Z", toAt: "2026-10-06T21:00:00.000Z" },
  ...{ reason: "new disks", by: "arn:ops", announcedAt: "2026-10-05T20:00:00.000Z" },
};
const ms = (at: string) => Date.parse(`2026-10-${at}Z`);

interface Change extends Partial<WindowRecord> {
  readonly writtenAt?: string;
  readonly cancelledAt?: string;
}

function windowAs({ writtenAt, cancelledAt, ...change }: Change = {}): Window {
  const copy = { record: { ...NIGHT, ...change }, ...(writtenAt && { writtenAt }) };
  const cancelled = { cancels: "m1", at: cancelledAt ?? "", by: "arn:ops", reason: "rain" };
  const found = windowOf([copy], cancelledAt ? [{ record: cancelled }] : []);
  if (!found) throw new Error("no window");
  return found;
}

describe("what of a window counts as maintenance", () => {
  const at = (day: string) => `2026-10-${day}Z`;
  const [sold, plain] = [cloudpepperHigh as Plan, mintsys as Plan];
  const none = { ...plain, availability: { objectivePercent: "99.9", exclusions: [] } };
  it.each<[string, Change, Plan, string]>([
    ["announced to the second in time", {}, sold, "06T20:00 06T21:00"],
    ["a millisecond late", { announcedAt: at("05T20:00:00.001") }, sold, "announced-too-late"],
    ["dated back", { writtenAt: at("06T12:00:00") }, sold, "announced-too-late"],
    ["a clock that was slow", { writtenAt: at("05T19:59:00") }, sold, "06T20:00 06T21:00"],
    ["no notice sold", { announcedAt: at("06T19:59:59.999") }, plain, "06T20:00 06T21:00"],
    ["no notice sold, as it began", { announcedAt: at("06T20:00") }, plain, "announced-too-late"],
    [
      "cut inside",
      { fromAt: at("06T20:00:01"), toAt: at("06T20:59:59") },
      sold,
      "06T20:01 06T20:59",
    ],
    ["shorter", { fromAt: at("06T20:00:01"), toAt: at("06T20:01:59") }, sold, "no-whole-minute"],
    ["cancelled before", { cancelledAt: at("06T20:00:00") }, sold, "cancelled"],
    ["cancelled in the middle", { cancelledAt: at("06T20:30:30") }, sold, "06T20:00 06T20:30"],
    ["cancelled afterwards", { cancelledAt: at("07T00:00:00") }, sold, "06T20:00 06T21:00"],
    ["not left out by the plan", {}, none, "not-sold"],
    ["an emergency the plan counts", { kind: "emergency" }, plain, "not-sold"],
    ["an emergency", { kind: "emergency" }, sold, "06T20:00 06T21:00"],
    [
      "an emergency told in its middle",
      { kind: "emergency", announcedAt: at("06T20:10:10") },
      sold,
      "06T20:11 06T21:00",
    ],
    [
      "an emergency told as it ended",
      { kind: "emergency", announcedAt: at("06T21:00:00") },
      sold,
      "announced-too-late",
    ],
    [
      "an emergency told in its last minute",
      { kind: "emergency", announcedAt: at("06T20:59:00.001") },
      sold,
      "no-whole-minute",
    ],
    [
      "an emergency told afterwards",
      { kind: "emergency", announcedAt: at("07T08:00") },
      sold,
      "announced-too-late",
    ],
  ])("%s", (_name, change, plan, expected) => {
    const found = windowCounts(windowAs(change), plan);
    const short = (instant: number) => new Date(instant).toISOString().slice(8, 16);
    expect(
      found.counts ? `${short(found.span.fromMs)} ${short(found.span.toMs)}` : found.because,
    ).toBe(expected);
  });

  it("is announced when the first ledger has it, and by none if its copies differ", () => {
    const copies = ["06T01:00:00", "05T21:00:00"].map((written) => ({
      ...{ record: NIGHT, writtenAt: at(written) },
    }));
    expect(windowOf(copies, [])?.announcedMs).toBe(ms("05T21:00:00"));
    expect(windowOf(copies.toReversed(), [])).toEqual(windowOf(copies, []));
    const changed = { record: { ...NIGHT, toAt: "2026-10-06T23:00:00.000Z" } };
    expect(windowOf([...copies, changed], [])).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["no end", { ...NIGHT, toAt: undefined }],
    ["an end before its beginning", { ...NIGHT, toAt: NIGHT.fromAt }],
    ["another kind", { ...NIGHT, kind: "usual" }],
    ["nobody in particular", { ...NIGHT, instances: "all" }],
  ])("is no window: %s", (_name, value) => {
    expect(readWindow(value)).toBeUndefined();
    expect(readWindow(NIGHT)).toEqual(NIGHT);
  });
});

describe("a window that holds failovers back", () => {
  const holding = (change: Change, instance: string, at: string) =>
    holdingWindow([windowAs({ holdsFailovers: true, ...change })], instance, ms(at)) !== undefined;
  it.each<[string, Change, string, string, boolean]>([
    ["as it begins", {}, "acme", "06T20:00:00", true],
    ["a moment before", {}, "acme", "06T19:59:59.999", false],
    ["as it ends", {}, "acme", "06T21:00:00", false],
    ["of others", {}, "cedar", "06T20:30:00", false],
    ["once it is cancelled", { cancelledAt: "2026-10-06T20:10:00Z" }, "acme", "06T20:10:00", false],
  ])("%s", (_name, change, instance, at, expected) => {
    expect(holding(change, instance, at)).toBe(expected);
  });

  it("does so only if it says so", () => {
    expect(holdingWindow([windowAs()], "acme", ms("06T20:30:00"))).toBeUndefined();
  });
});

describe("business hours of a region", () => {
  const touched = (
    fromAt: string,
    toAt: string,
    region: string,
    plan: Plan = mintsys as Plan,
    timezone?: string,
  ) => {
    const span = { fromMs: ms(fromAt), toMs: ms(toAt) };
    return businessHoursIn(span, { region, timezone }, plan) !== undefined;
  };
  it.each<[string, string, string, string, boolean]>([
    ["a Tuesday evening in Zurich", "06T20:00", "06T21:00", "eu-central-2", false],
    ["the same hour, afternoon in New York", "06T20:00", "06T21:00", "us-east-1", true],
    ["until they begin", "06T04:00", "06T06:00", "eu-central-2", false],
    ["a minute longer", "06T04:00", "06T06:01", "eu-central-2", true],
    ["a Sunday", "04T08:00", "04T16:00", "eu-central-2", false],
    ["a Sunday there, a Monday here", "04T23:00", "05T01:00", "ap-northeast-1", true],
    ["a weekend and a day", "02T17:00", "05T08:00", "eu-central-2", true],
    ["nowhere", "06T10:00", "06T11:00", "mars-north-1", false],
  ])("%s", (_name, from, to, region, expected) => {
    expect(touched(from, to, region)).toBe(expected);
  });

  it("are those that the plan sells, on the region's clocks", () => {
    const sold = cloudpepperHigh as Plan;
    expect(touched("06T06:30", "06T07:00", "eu-central-2", sold)).toBe(false);
    expect(touched("06T06:30", "06T07:00", "eu-central-2")).toBe(true);
    expect(touched("06T21:30", "06T22:00", "us-east-1", sold)).toBe(true);
  });

  it("are on the clocks of another zone where one was sold", () => {
    const plan = mintsys as Plan;
    expect(touched("06T20:00", "06T21:00", "eu-central-2", plan, "America/New_York")).toBe(true);
    expect(touched("06T20:00", "06T21:00", "us-east-1", plan, "Europe/Zurich")).toBe(false);
  });
});

const MINUTES = 40;
const spans = fc
  .tuple(fc.integer({ min: -90, max: 2500 }), fc.integer({ min: 1, max: 900 }))
  .map(([from, length]) => ({ fromMs: from * 1000, toMs: (from + length) * 1000 }));
const seen = fc.array(
  fc.tuple(fc.constantFrom("up" as const, "down" as const), spans).map(
    ([state, { fromMs, toMs }]): Interval => ({
      ...{ state, fromMs: Math.floor(fromMs / 60_000) * 60_000 },
      toMs: Math.ceil(toMs / 60_000) * 60_000,
    }),
  ),
);
const minutesOf = (intervals: readonly Interval[]) =>
  tallyOf(sheetOf({ fromMs: 0, toMs: MINUTES * 60_000 }, intervals).minutes()).minutes;
const share = ({ up, down }: { readonly up: number; readonly down: number }) =>
  up + down === 0 ? 1 : up / (up + down);

describe("laws of what does not count", () => {
  it("maintenance never makes downtime", () => {
    fc.assert(
      fc.property(seen, fc.array(spans), (looks, maintenance) => {
        const after = minutesOf(countedIntervals(looks, { maintenance, excluded: [] }));
        expect(after.down).toBeLessThanOrEqual(minutesOf(looks).down);
        expect(after.up).toBeLessThanOrEqual(minutesOf(looks).up);
      }),
    );
  });

  it("an exclusion never makes a month worse, and takes nothing but downtime", () => {
    fc.assert(
      fc.property(seen, fc.array(spans), fc.array(spans), (looks, maintenance, excluded) => {
        const before = minutesOf(countedIntervals(looks, { maintenance, excluded: [] }));
        const after = minutesOf(countedIntervals(looks, { maintenance, excluded }));
        expect(share(after)).toBeGreaterThanOrEqual(share(before));
        expect(after).toMatchObject({
          ...{ total: before.total, up: before.up, unobserved: before.unobserved },
          ...{ maintenance: before.maintenance, excluded: before.down - after.down },
        });
      }),
    );
  });

  it("a window never counts outside of itself, nor before it was announced", () => {
    const instants = fc.integer({ min: 0, max: 5000 }).map((s) => ms("06T18:00:00") + s * 1000);
    const kinds = fc.constantFrom("planned" as const, "emergency" as const);
    fc.assert(
      fc.property(kinds, instants, instants, instants, instants, (kind, from, to, told, off) => {
        fc.pre(from < to);
        const iso = (instant: number) => new Date(instant).toISOString();
        const change = { kind, fromAt: iso(from), toAt: iso(to), announcedAt: iso(told) };
        const free = { ...cloudpepperHigh, maintenance: undefined } as unknown as Plan;
        const found = windowCounts(windowAs({ ...change, cancelledAt: iso(off) }), free);
        if (!found.counts) return;
        expect(found.span.fromMs).toBeGreaterThanOrEqual(Math.max(from, told));
        expect(found.span.toMs).toBeLessThanOrEqual(Math.min(to, off));
      }),
    );
  });
});

describe("what a feed shows", () => {
  it("is first what is under way and to come, then what is over, and nothing that is long past", () => {
    const day = (window: string, date: string, more: Change = {}) =>
      windowAs({ window, fromAt: `${date}T20:00:00Z`, toAt: `${date}T21:00:00Z`, ...more });
    const windows = [
      day("later", "2026-10-09"),
      day("over", "2026-10-05"),
      day("off", "2026-10-08", { cancelledAt: "2026-10-06T00:00:00Z" }),
      day("now", "2026-10-06"),
      day("old", "2026-09-01"),
      day("others", "2026-10-07", { instances: ["cedar"] }),
    ];
    const wish = { instances: ["acme"], sinceMs: ms("01T00:00"), nowMs: ms("06T20:30") };
    expect(windowsShown(windows, wish).map(({ window, state }) => `${window} ${state}`)).toEqual([
      "now in-progress",
      "later announced",
      "over over",
      "off cancelled",
    ]);
    expect(windowsShown(windows, wish)).toEqual(windowsShown(windows.toReversed(), wish));
    expect(JSON.stringify(windowsShown(windows, wish))).not.toMatch(/arn:|birch/);
    expect(windowsShown(windows, { ...wish, instances: ["birch"] })[0]?.instances).toEqual([
      "birch",
    ]);
  });
});
