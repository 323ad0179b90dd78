import fc from "fast-check";
import { expect, it } from "vitest";
import type { Debt, FenceDebt } from "../../../functions/failover/debt.ts";
import { SILENT_AT_ONCE, shareOf } from "../../../functions/failover/round-share.ts";

const NOON = Date.parse("2026-11-21T12:00:00.000Z");
const fence = (n: number, changes: Partial<FenceDebt> = {}): FenceDebt => ({
  ...{ kind: "fence", state: "paid", instance: `i${n}`, incident: "i1", region: "eu-central-2" },
  ...{ database: `i${n}-db`, because: "replaced", since: "2026-11-21T11:00:00.000Z" },
  ...{ execution: "arn:x", epoch: 1, unsevered: true as const },
  ...changes,
});
const inRound = (minute: number) => ({
  now: new Date(NOON + minute * 60_000),
  paced: (seconds: number) => seconds * 1000,
});

it("asks a bounded number of silent servers a round, and every one of them in turn", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(2), fc.nat(10_000), (count, site, at) => {
      const due = Array.from({ length: count }, (_, n) => fence(n));
      const rounds = Math.ceil(count / SILENT_AT_ONCE) + 1;
      const asked = Array.from({ length: rounds }, (_, n) => shareOf(due, site, inRound(at + n)));
      expect(Math.max(...asked.map(({ length }) => length))).toBeLessThanOrEqual(SILENT_AT_ONCE);
      for (const share of asked) expect(new Set(share).size).toBe(share.length);
      expect(asked.flat().length).toBeGreaterThanOrEqual(count);
    }),
  );
});

it("covers hundreds of them within minutes, with three sites", () => {
  const due = Array.from({ length: 300 }, (_, n) => fence(n));
  const asked = [0, 1, 2].flatMap((site) =>
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((minute) => shareOf(due, site, inRound(minute))),
  );
  expect(new Set(asked).size).toBe(300);
});

it("leaves out nothing that can be paid or has to be told, and puts it first", () => {
  const silent = Array.from({ length: 100 }, (_, n) => fence(n));
  const owed: Debt = fence(200, { state: "owed" });
  const untold = fence(201, { mail: { by: "eu-west-1" } });
  const share = shareOf([...silent, owed, untold], 0, inRound(0));
  expect(share.slice(0, 2)).toEqual([owed, untold]);
  expect(share).toHaveLength(2 + SILENT_AT_ONCE);
});
