import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { slotsOf } from "../../../functions/watch/slots.ts";
import { timedSlots } from "../../../functions/watch/tick.ts";
import { FakeClock } from "../../fakes/clock.ts";

const offsets = (cadences: number[], lateSeconds: number, index = 0) =>
  slotsOf(cadences, { index, lateSeconds }).map(({ offsetSeconds }) => offsetSeconds);

describe("slotsOf", () => {
  test.for([
    ["looks four times a minute", [15], 0.2, [0, 15, 30, 45]],
    ["looks once a minute", [60], 0.2, [0]],
    ["begins with the slot that is running when it comes late", [15], 37, [30, 45, 60, 75]],
    ["is early by a clock's whim", [30], -0.1, [0, 30]],
    ["looks for each plan as often as it wants", [30, 20, 60], 0, [0, 20, 30, 40]],
    ["leaves it to others when it comes minutes late", [15, 60], 180, []],
  ] as const)("%s", ([, cadences, late, expected]) => {
    expect(offsets([...cadences], late)).toEqual(expected);
  });

  it("looks every five minutes for a plan that wants no more", () => {
    const ticks = Array.from({ length: 10 }, (_, index) => offsets([300], 0, index).length);
    expect(ticks).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
  });

  it("leaves no hole between invocations that are equally late", () => {
    const anyCadence = fc.constantFrom(1, 2, 5, 10, 15, 20, 30);
    fc.assert(
      fc.property(anyCadence, fc.double({ min: 0, max: 59, noNaN: true }), (cadence, late) => {
        const first = offsets([cadence], late, 0);
        const second = offsets([cadence], late, 1).map((offset) => offset + 60);
        const all = [...first, ...second];
        const gaps = all.slice(1).map((offset, n) => offset - (all[n] ?? 0));
        expect(new Set(gaps)).toEqual(new Set([cadence]));
      }),
    );
  });
});

describe("timedSlots", () => {
  it("divides the minute by the pace and keeps the schedule's instants", () => {
    const clock = new FakeClock("2026-03-02T10:00:07.020Z", 60);
    const event = { scheduledTime: "2026-03-02T10:00:07.000Z", shard: "s00" };
    expect(timedSlots(event, [15], clock).map(({ at }) => at)).toEqual([
      "2026-03-02T10:00:07.000Z",
      "2026-03-02T10:00:07.250Z",
      "2026-03-02T10:00:07.500Z",
      "2026-03-02T10:00:07.750Z",
    ]);
  });

  it("refuses an event whose schedule sends no time", () => {
    const event = { scheduledTime: "<aws.scheduler.scheduled-time>", shard: "s00" };
    expect(() => timedSlots(event, [15], new FakeClock(0))).toThrow(/expected ISO 8601/);
  });
});
