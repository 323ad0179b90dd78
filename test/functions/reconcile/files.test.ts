import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FilesOrder } from "../../../functions/files/contract.ts";
import { inTurn } from "../../../functions/reconcile/files.ts";

const PASS_MS = 15 * 60_000;
const NOW = Date.parse("2026-01-05T09:00:00Z");

const ordersOf = (count: number): readonly FilesOrder[] =>
  Array.from({ length: count }, (_, n) => ({
    ...{ instance: `instance-${n}`, filestore: `s3://hosting/instance-${n}`, gone: [] },
    backups: [{ id: `sla-instance-${n}-20260105t030000z`, takenAt: "2026-01-05T03:00:00.000Z" }],
  }));

describe("the turns of orders for files", () => {
  it("leave out none that an event holds, and begin elsewhere with every pass", () => {
    const orders = ordersOf(3);
    const passes = [0, 1, 2].map((pass) => inTurn(orders, NOW + pass * PASS_MS));
    for (const pass of passes) expect(new Set(pass)).toEqual(new Set(orders));
    expect(new Set(passes.map(([first]) => first?.instance)).size).toBe(3);
  });

  it("fit into an event of Lambda, however many there are, and serve everybody in a day", () => {
    const law = fc.property(fc.integer({ min: 1, max: 20_000 }), fc.nat(1000), (count, start) => {
      let left = ordersOf(count);
      let passes = 0;
      while (left.length > 0) {
        const now = inTurn(left, NOW + (start + passes) * PASS_MS);
        expect(JSON.stringify({ orders: now }).length).toBeLessThan(256_000);
        const served = new Set(now);
        left = left.filter((order) => !served.has(order));
        passes += 1;
      }
      expect(passes).toBeLessThanOrEqual(96);
    });
    fc.assert(law, { numRuns: 30 });
  });

  it("serve those behind one that always takes all the time", () => {
    const orders = ordersOf(40);
    const first = Array.from({ length: 40 }, (_, pass) => inTurn(orders, NOW + pass * PASS_MS)[0]);
    expect(new Set(first).size).toBe(8);
  });
});
