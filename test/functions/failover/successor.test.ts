import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Said } from "../../../functions/failover/case.ts";
import { type Candidate, successorAmong } from "../../../functions/failover/successor.ts";

const NOW = Date.parse("2026-11-21T10:00:00.000Z");
const LAGGING_MS = 30_000;

const says = (lagMs: number, inRecovery = true): Said => ({
  answered: true,
  reading: {
    beat: { at: new Date(NOW - lagMs).toISOString(), sequence: NOW - lagMs },
    ...{ now: new Date(NOW).toISOString(), inRecovery, streaming: true, sessions: 0 },
  },
});
const SILENT: Said = { answered: false, kind: "unreachable", message: "no answer" };

const member = (id: string, tier: number, said: Said, status = "available"): Candidate => ({
  member: { id, tier, status, isWriter: false },
  said,
});

describe("who is to write", () => {
  it.each<[string, readonly Candidate[], string]>([
    ["the best tier", [member("b", 2, says(0)), member("a", 1, says(0))], "a"],
    ["of one tier the newest", [member("a", 1, says(900)), member("b", 1, says(0))], "b"],
    ["of alike ones the first by name", [member("b", 1, says(0)), member("a", 1, says(0))], "a"],
    [
      "who keeps up before a better tier",
      [member("a", 0, says(90_000)), member("b", 9, says(0))],
      "b",
    ],
    ["the only one, however late it is", [member("a", 1, says(900_000))], "a"],
    ["nobody that is silent", [member("a", 0, SILENT), member("b", 5, says(0))], "b"],
    ["nobody that reboots", [member("a", 0, says(0), "rebooting"), member("b", 5, says(0))], "b"],
    ["nobody that takes writes", [member("a", 0, says(0, false)), member("b", 5, says(0))], "b"],
  ])("is %s", (_what, candidates, expected) => {
    expect(successorAmong(candidates, LAGGING_MS)).toMatchObject({ member: { id: expected } });
  });

  it.each<[readonly Candidate[], RegExp]>([
    [[], /no member but the one that writes/],
    [[member("a", 0, SILENT)], /a does not answer: no answer/],
    [[member("a", 0, says(0), "creating")], /a is creating/],
    [[member("a", 0, says(0, false))], /a takes writes/],
  ])("is nobody of %j, and why is said", (candidates, because) => {
    const choice = successorAmong(candidates, LAGGING_MS);
    expect(choice.kind === "none" && choice.because).toMatch(because);
  });
});

type Made = readonly { readonly tier: number; readonly status: string; readonly said: Said }[];

const candidates: fc.Arbitrary<Made> = fc.array(
  fc
    .record({
      tier: fc.integer({ min: 0, max: 15 }),
      lagMs: fc.integer({ min: 0, max: 200_000 }),
      status: fc.constantFrom("available", "rebooting"),
      answers: fc.boolean(),
      inRecovery: fc.boolean(),
    })
    .map(({ tier, lagMs, status, answers, inRecovery }) => ({
      ...{ tier, status },
      said: answers ? says(lagMs, inRecovery) : SILENT,
    })),
  { maxLength: 6 },
);

it("serves reads, and none that serves is better in every way", () => {
  fc.assert(fc.property(candidates, holds));
});

function holds(made: Made) {
  const all = made.map(({ tier, status, said }, n) => member(`m${n}`, tier, said, status));
  const choice = successorAmong(all, LAGGING_MS);
  const fit = all.filter(
    ({ member: { status }, said }) =>
      status === "available" && said.answered && said.reading.inRecovery,
  );
  expect(choice.kind).toBe(fit.length > 0 ? "found" : "none");
  if (choice.kind !== "found") return;
  const beatOf = ({ said }: Candidate) => (said.answered ? (said.reading.beat?.sequence ?? 0) : 0);
  const chosen = fit.find((each) => each.member.id === choice.member.id);
  expect(chosen).toBeDefined();
  if (!chosen) return;
  for (const other of fit) {
    const isBetter = other.member.tier < chosen.member.tier && beatOf(other) > beatOf(chosen);
    expect(isBetter).toBe(false);
  }
  expect(successorAmong(all.toReversed(), LAGGING_MS)).toEqual(choice);
}
