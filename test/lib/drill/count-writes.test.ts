import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countWrites,
  dataLossSeconds,
  newestBackSeconds,
} from "../../../lib/drill/count-writes.ts";

const OLD = "127.20.1.1";
const NEW = "127.20.1.2";
const row = (id: number, at: number, server = OLD) => ({
  instance: "acme",
  id,
  at,
  server,
  stale: false,
});

describe("countWrites", () => {
  it("counts what was acknowledged and is missing, and remembers when", () => {
    const acknowledged = [row(1, 100), row(2, 200), row(3, 300)];
    const found = countWrites({
      acknowledged,
      present: new Set([1, 3]),
      oldPrimary: OLD,
      promotedAt: 900,
    });
    expect(found).toMatchObject({ acknowledged: 3, lost: 1, lostAt: [200], ghosts: 0 });
  });

  it("blames the old primary only for rows after the promotion", () => {
    const acknowledged = [row(1, 100), row(2, 950), row(3, 960, NEW)];
    const found = countWrites({
      acknowledged,
      present: new Set([1, 2, 3]),
      oldPrimary: OLD,
      promotedAt: 900,
    });
    expect(found.acknowledgedByOldPrimaryAfterPromotion).toBe(1);
  });

  it("calls given up what was acknowledged after the instant a person went back to", () => {
    const acknowledged = [row(1, 100), row(2, 200), row(3, 201), row(4, 300), row(5, 400, NEW)];
    const found = countWrites({
      acknowledged,
      present: new Set([1, 5]),
      oldPrimary: OLD,
      promotedAt: 350,
      wentBackTo: 201,
    });
    expect(found).toMatchObject({ lost: 1, lostAt: [200], givenUp: 2 });
  });

  it("calls given up what was acknowledged in the very millisecond that a person went back to", () => {
    const found = countWrites({
      acknowledged: [row(1, 199), row(2, 200)],
      present: new Set([1]),
      oldPrimary: OLD,
      promotedAt: 350,
      wentBackTo: 200,
    });
    expect(found).toMatchObject({ lost: 0, givenUp: 1 });
  });

  it("calls a row nobody was promised a ghost", () => {
    const found = countWrites({
      acknowledged: [row(1, 100)],
      present: new Set([1, 9]),
      oldPrimary: OLD,
      promotedAt: undefined,
    });
    expect(found.ghosts).toBe(1);
  });

  it("accounts for every acknowledged row exactly once", () => {
    const ids = fc.uniqueArray(fc.nat(50));
    fc.assert(
      fc.property(ids, ids, (acked, kept) => {
        const acknowledged = acked.map((id) => row(id, id));
        const present = new Set(kept);
        const found = countWrites({ acknowledged, present, oldPrimary: OLD, promotedAt: 10 });
        const survived = acked.filter((id) => present.has(id)).length;
        expect(found.lost + survived).toBe(found.acknowledged);
        expect(found.ghosts + survived).toBe(kept.length);
      }),
    );
  });
});

describe("dataLossSeconds", () => {
  it("is the age of the oldest lost row at the fault, and nothing if nothing is lost", () => {
    expect(dataLossSeconds([9_000, 9_500], 10_000)).toBe(1);
    expect(dataLossSeconds([], 10_000)).toBe(0);
  });
});

describe("newestBackSeconds", () => {
  const acknowledged = [row(1, 1000), row(2, 2000), row(3, 3000), row(4, 9000, NEW)];

  it.for<[string, readonly number[], number | null]>([
    ["is the age of the newest row of before that came back", [1, 2, 4], 3],
    ["is that of the very last if all came back", [1, 2, 3, 4], 2],
    ["is unknown if none did: what was written later proves nothing", [4], null],
  ])("%s", ([, present, seconds]) => {
    const faultAt = 5000;
    expect(newestBackSeconds({ acknowledged, present: new Set(present) }, faultAt)).toBe(seconds);
  });
});
