import { describe, expect, it } from "vitest";
import type { Rewriting } from "../../../functions/failover/debt.ts";
import type { DnsRecord } from "../../../functions/failover/records.ts";
import { nextStep, type Standing, seesLowered } from "../../../functions/failover/rewriting.ts";
import { turnstile } from "../../../functions/failover/turnstile.ts";
import { FakeClock } from "../../fakes/clock.ts";

const NOW = "2026-11-21T12:00:00.000Z";
const pacing = { now: new Date(NOW), paced: (seconds: number) => seconds * 1000 };
const ago = (seconds: number) => new Date(Date.parse(NOW) - seconds * 1000).toISOString();
const name = "db.acme.example.ch";
const pair = (primary: string, secondary: string): readonly DnsRecord[] => [
  { name, target: primary, ttl: 60, failover: { role: "PRIMARY", setIdentifier: "a" } },
  { name, target: secondary, ttl: 60, failover: { role: "SECONDARY", setIdentifier: "b" } },
];
const targets = new Map([[name, "new.rds"]]);
const written = (seconds: number): Rewriting => ({
  step: "written",
  at: ago(seconds),
  change: "c",
});
const inSync = (seconds: number): Rewriting => ({ step: "in-sync", at: ago(seconds) });

const step = (progress: Rewriting | undefined, records: readonly DnsRecord[], isNewest = true) => {
  const standing: Standing = { debt: progress ? { progress } : {}, records, targets, isNewest };
  return nextStep(standing, pacing).kind;
};

describe("the next step of records that are owed", () => {
  it.each<[string, string, Rewriting | undefined, readonly DnsRecord[]]>([
    ["nothing is written", "write", undefined, pair("old.rds", "new.rds")],
    [
      "somebody wrote them: in sync or not, nobody knows",
      "write",
      undefined,
      pair("new.rds", "NEW.rds."),
    ],
    ["written a moment ago", "await-sync", written(5), pair("new.rds", "new.rds")],
    ["not in sync for a quarter of an hour", "write", written(901), pair("new.rds", "new.rds")],
    [
      "written, and somebody wrote one of them back",
      "write",
      written(5),
      pair("old.rds", "new.rds"),
    ],
    ["in sync, a TTL not over", "await-caches", inSync(59), pair("new.rds", "new.rds")],
    ["in sync for a TTL", "prove", inSync(60), pair("new.rds", "new.rds")],
    [
      "in sync, and somebody wrote one of them back",
      "write",
      inSync(90),
      pair("new.rds", "old.rds"),
    ],
    [
      "the flag lowered",
      "await-health",
      { step: "lowered", at: ago(1) },
      pair("new.rds", "new.rds"),
    ],
    ["a record gone", "repair", undefined, []],
  ])("%s: %s", (_, expected, progress, records) => {
    expect(step(progress, records)).toBe(expected);
  });

  it.each<[string, string, Rewriting | undefined, readonly DnsRecord[]]>([
    ["PRIMARY leads elsewhere", "leave", undefined, pair("old.rds", "new.rds")],
    [
      "PRIMARY leads there, SECONDARY to a new standby",
      "take-note",
      undefined,
      pair("new.rds", "s.rds"),
    ],
    ["noted a TTL ago", "prove", inSync(60), pair("new.rds", "s.rds")],
    ["never in sync", "await-sync", written(10_000), pair("new.rds", "s.rds")],
  ])("in a later epoch, %s: %s", (_, expected, progress, records) => {
    expect(step(progress, records, false)).toBe(expected);
  });
});

describe("a check that sees the flag lowered", () => {
  const [before, after] = [ago(60), ago(10)];
  const seen = (at: string, ...raised: boolean[]) => raised.map((each) => ({ at, raised: each }));
  it.each([
    ["one that is gone", undefined, true],
    ["one that has not looked since", seen(before, false, false), false],
    ["one whose checkers all found it lowered", seen(after, false, false, false), true],
    ["one of whose eight checkers one is behind", seen(after, true, ...Array(7).fill(false)), true],
    [
      "one of whose eight checkers two are behind",
      seen(after, true, true, ...Array(6).fill(false)),
      false,
    ],
  ])("%s", (_, sights, healthy) => {
    expect(seesLowered(sights, ago(30))).toBe(healthy);
  });
});

describe("the turnstile", () => {
  it("lets so many through in a second", async () => {
    const clock = new FakeClock(NOW);
    const turn = turnstile(clock, 2);
    const waits: number[] = [];
    for (let call = 0; call < 5; call += 1) {
      await turn();
      waits.push(clock.now().getTime() - Date.parse(NOW));
    }
    expect(waits).toEqual([0, 500, 1000, 1500, 2000]);
  });
});
