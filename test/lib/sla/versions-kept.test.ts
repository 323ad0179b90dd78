import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BackupDeed, livesOf } from "../../../lib/sla/books/happenings.ts";
import { monthSpan } from "../../../lib/sla/books/month.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { daysOfVersions, versionsKept } from "../../../lib/sla/versions-kept.ts";

const SPAN = monthSpan("2026-10", "Europe/Zurich");
const DAY_MS = 86_400_000;

const deed = (kind: BackupDeed["kind"], day: number, backup: string, region = "a"): BackupDeed => ({
  ...{ key: "backups/1", instance: "acme", kind, backup, region },
  at: new Date(SPAN.fromMs + day * DAY_MS).toISOString(),
});

/** One a day from `first` on, each deleted when `keep` newer ones are there. */
const daily = (first: number, last: number, keep: number, region = "a"): BackupDeed[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index).flatMap((day) => [
    deed("take-image", day, `sla-${day}`, region),
    ...(day - keep >= first ? [deed("delete-image", day + 0.1, `sla-${day - keep}`, region)] : []),
  ]);

/** The fifth fails, and goes soon; a sixth comes instead. */
const firstFails: BackupDeed[] = [
  ...daily(0, 3, 5),
  deed("take-image", 4, "sla-4"),
  { ...deed("delete-image", 4.2, "sla-4"), wasNothing: true },
  ...[5, 6].map((day) => deed("take-image", day, `sla-${day}`)),
  deed("delete-image", 6.1, "sla-0"),
];

const judged = (deeds: readonly BackupDeed[]) =>
  versionsKept(
    5,
    livesOf(deeds.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))),
    SPAN,
  );

describe("five versions of the complete instance", () => {
  it.each([
    ["were there all month", daily(-10, 30, 5), { least: 5, status: "kept" }],
    ["are there since the middle of it", daily(14, 30, 5), { least: 5, status: "kept" }],
    ["are not there yet", daily(28, 30, 5), { least: 3, status: "not-shown" }],
    ["became four again", daily(-10, 30, 4), { least: 4, status: "broken" }],
    [
      "lost one by hand",
      [...daily(-10, 30, 5), deed("delete-image", 10.5, "sla-8")],
      { least: 4, status: "broken" },
    ],
    [
      "lost one by hand, but not the copies",
      [...daily(-10, 30, 5), deed("delete-image", 10.5, "sla-8"), ...daily(-10, 30, 5, "b")],
      { least: 5, status: "kept" },
    ],
    ["stay while the machine is gone", daily(-20, -9, 5), { least: 5, status: "kept" }],
    ["have a failed one among the first five", firstFails, { least: 5, status: "kept" }],
    ["begin after the month", daily(40, 50, 5), undefined],
    ["were never taken", [], undefined],
  ] as const)("that %s", (_what, deeds, found) => {
    expect(judged([...deeds])).toEqual(found);
  });

  it("are never held with a moment in between that has fewer", () => {
    const deletions = fc.array(fc.integer({ min: -10, max: 30 }), { maxLength: 4 });
    fc.assert(
      fc.property(deletions, fc.integer({ min: 1, max: 9 }), (byHand, keep) => {
        const deeds = [
          ...daily(-10, 30, keep),
          ...byHand.map((day) => deed("delete-image", day + 0.5, `sla-${day}`)),
        ];
        const sorted = deeds.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
        const lives = livesOf(sorted);
        const count = (ms: number) =>
          lives.filter(
            ({ availableMs, removedMs = Infinity }) => availableMs <= ms && removedMs > ms,
          ).length;
        const found = versionsKept(5, lives, SPAN);
        const times = Array.from({ length: 31 * 24 }, (_, hour) => SPAN.fromMs + hour * 3_600_000);
        const since = lives.map(({ availableMs }) => availableMs).filter((ms) => count(ms) >= 5);
        const counts = times.filter((ms) => ms >= Math.min(...since)).map(count);
        const isHeld = counts.length > 0 && counts.every((each) => each >= 5);
        expect(found?.status === "kept").toBe(isHeld);
      }),
      {
        examples: [
          [[8], 5],
          [[], 5],
          [[], 4],
          [[29], 6],
        ],
      },
    );
  });
});

it("months are read as far back as a version may be that counts in them", () => {
  const sold = PRESETS["binhex"];
  expect(sold && daysOfVersions(sold)).toBe(37);
  expect(daysOfVersions({})).toBe(0);
});
