import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Reading } from "../../../functions/sql/contract.ts";
import { type Asked, type Pulses, signOfLife } from "../../../functions/watch/sign-of-life.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");
const reading = (sequence: number, ageSeconds: number, more: Partial<Reading> = {}): Asked => ({
  kind: "answered",
  reading: {
    beat: { at: new Date(NOW - ageSeconds * 1000).toISOString(), sequence },
    now: new Date(NOW).toISOString(),
    inRecovery: true,
    streaming: true,
    sessions: 0,
    ...more,
  },
});
const before = { at: new Date(NOW - 45_000).toISOString(), sequence: 7 };
const [unreachable, timedOut, refused, unasked] = (
  ["unreachable", "timed-out", "refused", "unasked"] as const
).map((kind): Asked => ({ kind })) as [Asked, Asked, Asked, Asked];
const alive = reading(7, 45, { inRecovery: false });
const of = (primary: Asked, standby?: Asked, known = true): Pulses => ({
  primary,
  ...(standby && { standby }),
  before: known ? { primary: before, standby: before } : {},
  beatMs: 15_000,
  slot: new Date(NOW).toISOString(),
});

describe("signOfLife", () => {
  test.for([
    ["the standby shows a newer heartbeat", of(unreachable, reading(8, 40)), "advancing"],
    [
      "the standby advances, though it is behind what the primary showed before",
      {
        ...of(unreachable, reading(3, 120)),
        before: { primary: before, standby: { ...before, sequence: 2 } },
      },
      "advancing",
    ],
    [
      "a standby without a stream replays late what it had received",
      {
        ...of(unreachable, reading(8, 40, { streaming: false, receivedLsn: "0/2000" })),
        before: { primary: before, standby: before, received: "0/2000" },
      },
      "silent",
    ],
    [
      "a standby without a stream has received more",
      {
        ...of(unreachable, reading(8, 40, { streaming: false, receivedLsn: "0/3000" })),
        before: { primary: before, standby: before, received: "0/2000" },
      },
      "advancing",
    ],
    [
      "a standby replays late and its stream lives",
      {
        ...of(unreachable, reading(8, 40, { receivedLsn: "0/2000" })),
        before: { primary: before, standby: before, received: "0/2000" },
      },
      "advancing",
    ],
    [
      "more of a binary log arrives over a living stream, in its next file",
      {
        ...of(unreachable, reading(7, 45, { receivedLsn: "mysql-bin-changelog.000013:4" })),
        before: { primary: before, standby: before, received: "mysql-bin-changelog.000012:900" },
      },
      "advancing",
    ],
    [
      "what arrived before was of another server's log",
      {
        ...of(unreachable, reading(7, 45, { receivedLsn: "mysql-bin-changelog.000013:4" })),
        before: { primary: before, standby: before, received: "binlog.000001:4" },
      },
      "silent",
    ],
    ["the primary answers, though no heartbeat arrives", of(alive, reading(7, 45)), "advancing"],
    ["nothing answers and two beats are missing", of(unreachable, reading(7, 30)), "silent"],
    ["it is stopped and two beats are missing", of(timedOut, reading(7, 30)), "silent"],
    ["nothing answers, but no beat is missing yet", of(unreachable, reading(7, 15)), "unknown"],
    ["something at its address says no", of(refused, reading(7, 300)), "unknown"],
    ["it could not be asked and two beats are missing", of(unasked, reading(7, 30)), "unknown"],
    ["it could not be asked and four beats are missing", of(unasked, reading(7, 60)), "silent"],
    ["it is in recovery, as after a promotion elsewhere", of(reading(7, 60)), "unknown"],
    ["neither server can be asked", of(unasked, unasked), "unknown"],
    ["the standby does not answer either", of(unreachable, unreachable), "unknown"],
    ["nothing stands by and nothing answers", of(unreachable), "silent"],
    ["nobody ever wrote a heartbeat", of(unreachable, undefined, false), "unknown"],
  ] as const)("%s", ([, pulses, expected]) => {
    expect(signOfLife(pulses)).toBe(expected);
  });

  it("is never silent while the primary answers or says no", () => {
    const anyAge = fc.integer({ min: 0, max: 10_000 });
    const anyPrimary = fc.constantFrom(alive, refused);
    fc.assert(
      fc.property(anyPrimary, fc.nat(20), anyAge, (primary, sequence, age) => {
        expect(signOfLife(of(primary, reading(sequence, age)))).not.toBe("silent");
      }),
    );
  });

  it("is never silent while heartbeats advance", () => {
    const anyPrimary = fc.constantFrom(unreachable, timedOut, refused, unasked, alive);
    fc.assert(
      fc.property(anyPrimary, fc.integer({ min: 8 }), fc.nat(10_000), (primary, sequence, age) => {
        expect(signOfLife(of(primary, reading(sequence, age)))).toBe("advancing");
      }),
    );
  });
});
