import { describe, expect, it } from "vitest";
import { inMaintenance, standing } from "../../../functions/status/standing.ts";
import type { Window } from "../../../lib/sla/books/window.ts";
import type { Down, InstanceState } from "../../../lib/sla/incident-state.ts";

const NOW = new Date("2026-11-22T10:00:00.000Z");
const at = (time: string) => `2026-11-22T${time}.000Z`;
const LATE_MS = 180_000;
const down: Down = {
  kind: "down",
  ...{ lastSlot: at("09:59:45"), firstBadAt: at("09:50:00"), incident: "i" },
  ...{ goodRounds: 0, told: [] },
};

const TABLE: readonly (readonly [string, InstanceState | undefined, unknown])[] = [
  ["nobody has ever looked", undefined, { state: "unknown" }],
  ["a first look is to come", { kind: "healthy" }, { state: "unknown" }],
  [
    "the last look was good",
    { kind: "healthy", lastSlot: at("09:59:45"), lastGoodAt: at("09:59:45") },
    { state: "up" },
  ],
  [
    "a look in between could not tell",
    { kind: "healthy", lastSlot: at("09:59:45"), lastGoodAt: at("09:59:30") },
    { state: "up" },
  ],
  [
    "no look could tell for long",
    { kind: "healthy", lastSlot: at("09:59:45"), lastGoodAt: at("09:50:00") },
    { state: "unknown", since: at("09:50:00") },
  ],
  ["no look could ever tell", { kind: "healthy", lastSlot: at("09:59:45") }, { state: "unknown" }],
  [
    "nobody has looked for long",
    { kind: "healthy", lastSlot: at("09:56:59"), lastGoodAt: at("09:56:59") },
    { state: "unknown", since: at("09:56:59") },
  ],
  [
    "it is suspected, which is no incident yet",
    {
      kind: "suspected",
      ...{ lastSlot: at("09:59:45"), lastGoodAt: at("09:50:00") },
      ...{ firstBadAt: at("09:59:30"), lastBadAt: at("09:59:45"), badRounds: 2 },
    },
    { state: "up" },
  ],
  ["an incident is open", down, { state: "down", since: at("09:50:00") }],
  [
    "an incident is open, with one good look",
    { ...down, goodRounds: 1, firstGoodAt: at("09:59:45") },
    { state: "down", since: at("09:50:00") },
  ],
  [
    "an incident was open when the looks ended",
    { ...down, lastSlot: at("09:55:00") },
    { state: "unknown", since: at("09:55:00") },
  ],
];

describe("how an instance is", () => {
  it.each(TABLE)("where %s", (_, seen, expected) => {
    expect(standing(seen, NOW, LATE_MS)).toEqual(expected);
  });
});

describe("what is down", () => {
  const window = (from: string, to: string): Window => ({
    record: {} as Window["record"],
    ...{ fromMs: Date.parse(at(from)), toMs: Date.parse(at(to)), announcedMs: 0 },
  });
  it.each([
    ["in a window is in maintenance", [window("09:30:00", "10:30:00")], "maintenance"],
    ["since before it is down", [window("09:55:00", "10:30:00")], "down"],
    ["still when it is over is down", [window("09:30:00", "09:59:00")], "down"],
    ["without a window is down", [], "down"],
  ])("%s", (_, windows, state) => {
    const how = { state: "down", since: at("09:50:00") } as const;
    expect(inMaintenance(how, windows, NOW.getTime())).toEqual({ ...how, state });
  });

  it("alone is: what nobody sees stays unknown", () => {
    const unknown = { state: "unknown", since: at("09:50:00") } as const;
    const windows = [window("09:30:00", "10:30:00")];
    expect(inMaintenance(unknown, windows, NOW.getTime())).toEqual(unknown);
  });
});
