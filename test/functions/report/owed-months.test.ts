import { describe, expect, it } from "vitest";
import { SlaError } from "../../../functions/kernel/errors.ts";
import { keys } from "../../../functions/ledger/contract.ts";
import { eachMonth, owedMonths } from "../../../functions/report/owed-months.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

describe("months that are owed", () => {
  it("were begun in the last three before the last one, and not finished: oldest first", async () => {
    const ledger = new MemoryLedger("eu-west-1");
    for (const month of ["2026-08", "2026-09", "2026-11", "2026-12"]) {
      ledger.put(keys.reportBegun(month), { month });
    }
    ledger.put(keys.report("2026-10", "acme", "html"), "<h1>October</h1>");
    ledger.put(keys.published("2026-11"), {});
    expect(await owedMonths(ledger, "2026-12")).toEqual(["2026-09", "2026-10"]);
  });

  it("are none where nobody has begun any, over the turn of a year as well", async () => {
    const ledger = new MemoryLedger("eu-west-1");
    expect(await owedMonths(ledger, "2027-01")).toEqual([]);
    ledger.put(keys.reportBegun("2026-12"), {});
    expect(await owedMonths(ledger, "2027-01")).toEqual(["2026-12"]);
  });
});

describe("several months", () => {
  const months = ["2026-09", "2026-10", "2026-11"];
  const refusing =
    (...refused: readonly string[]) =>
    async (month: string) => {
      if (refused.includes(month)) throw new SlaError("NotSealedYet", "cloud", "wait");
      return month;
    };

  it("are published in their order, and one that is kept back keeps no other", async () => {
    const tried: string[] = [];
    const one = refusing("2026-09");
    const all = eachMonth(months, (month) => {
      tried.push(month);
      return one(month);
    });
    await expect(all).rejects.toMatchObject({ code: "NotSealedYet", message: "wait" });
    expect(tried).toEqual(months);
    expect(await eachMonth(months, refusing())).toEqual(months);
  });

  it("are all named where several are kept back", async () => {
    await expect(eachMonth(months, refusing("2026-09", "2026-11"))).rejects.toMatchObject({
      ...{ code: "NotSealedYet", message: "2026-09: wait; 2026-11: wait" },
    });
  });
});
