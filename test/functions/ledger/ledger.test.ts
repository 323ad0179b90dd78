import { describe, expect, it } from "vitest";
import { MemoryLedgers } from "../../fakes/ledger.ts";
import { behavesAsALedger } from "./ledger-contract.ts";

describe("the ledger in memory", () => {
  const ledgers = new MemoryLedgers();
  behavesAsALedger(() => ledgers.at("eu-west-1"), "memory");

  it("rejects with CloudUnreachable while its region is cut off", async () => {
    ledgers.cutOff("eu-north-1");
    await expect(ledgers.at("eu-north-1").read("a")).rejects.toMatchObject({
      code: "CloudUnreachable",
    });
    ledgers.restore("eu-north-1");
    expect(await ledgers.at("eu-north-1").read("a")).toBeUndefined();
  });
});
