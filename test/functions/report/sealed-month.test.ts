import { describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import { sealedMonth } from "../../../functions/report/sealed-month.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedgers } from "../../fakes/ledger.ts";

const FLEET = fleetOf([instance("acme")]);
const SITES = Object.keys(FLEET.sites);

/** Of October, where every site has sealed these days, but for those that one of them lacks. */
async function through(days: readonly string[], lacks: readonly string[] = []) {
  const ledgers = new MemoryLedgers();
  for (const [index, site] of SITES.entries()) {
    for (const day of days.filter((each) => index > 0 || !lacks.includes(each))) {
      const seal = { day, site, rollUps: {}, statements: null, previous: null };
      ledgers.at(site).put(keys.daySeal(day), seal);
    }
  }
  const found = await sealedMonth("2026-10", FLEET, ledgers.at);
  return found.shelves.length === 0 ? "nobody watched" : found.through;
}

const [OCT_30, OCT_31, NOV_1] = ["2026-10-30", "2026-10-31", "2026-11-01"];

describe("a month can be settled", () => {
  it("up to its last UTC day, and up to the next once that is sealed", async () => {
    expect(await through([OCT_30, OCT_31])).toBe(OCT_31);
    expect(await through([OCT_30, OCT_31, NOV_1])).toBe(NOV_1);
    expect(await through([OCT_30, OCT_31, NOV_1], [NOV_1])).toBe(OCT_31);
  });

  it("not before every site has sealed its last day", async () => {
    await expect(through([OCT_30, OCT_31], [OCT_31])).rejects.toThrow("has not sealed 2026-10-31");
  });

  it("not where nobody watched before it was over", async () => {
    expect(await through([NOV_1])).toBe("nobody watched");
  });
});
