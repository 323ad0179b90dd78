import { describe, expect, it } from "vitest";
import { keys, prefixes } from "../../../functions/ledger/contract.ts";
import { answering } from "../../../functions/report/answering.ts";
import { MemoryLedgers } from "../../fakes/ledger.ts";

const [SITE, MIRROR] = ["eu-central-1", "eu-west-1"];
const DAY = "2026-10-31";
const seal = keys.daySeal(DAY);

describe("what is read of a site", () => {
  it("is its own ledger while that answers, whatever its mirror has", async () => {
    const ledgers = new MemoryLedgers();
    ledgers.at(MIRROR).put(keys.mirror(SITE, seal), { by: "mirror" });
    const lost = { ledgers: ledgers.at, mirror: MIRROR, lastDay: DAY };
    expect(await answering(SITE, lost)).toEqual({ site: SITE, shelf: ledgers.at(SITE) });
  });

  it("is what its mirror keeps, under its own keys, when its region is lost", async () => {
    const ledgers = new MemoryLedgers();
    const kept = ledgers.at(MIRROR);
    kept.put(keys.mirror(SITE, seal), { day: DAY });
    kept.put(keys.mirror(SITE, keys.day(DAY, "s00")), { shard: "s00" });
    kept.put(seal, { of: "another site" });
    ledgers.cutOff(SITE);
    const lost = { ledgers: ledgers.at, mirror: MIRROR, lastDay: DAY };
    const { shelf, readIn } = await answering(SITE, lost);
    expect(readIn).toBe(MIRROR);
    expect(await shelf.text(seal)).toBe(JSON.stringify({ day: DAY }));
    expect((await shelf.read(keys.day(DAY, "s00")))?.value).toEqual({ shard: "s00" });
    expect((await shelf.list(prefixes.seals)).map(({ key }) => key)).toEqual([seal]);
    expect(await shelf.list(prefixes.maintenance)).toEqual([]);
  });

  it.each([
    ["nobody keeps its days", undefined, /no answer$/],
    [
      "its mirror does not reach as far",
      MIRROR,
      /eu-west-1 keeps its days, but none for 2026-10-31$/,
    ],
  ])("is nothing where %s", async (_why, mirror, message) => {
    const ledgers = new MemoryLedgers();
    ledgers.at(MIRROR).put(keys.mirror(SITE, keys.daySeal("2026-10-30")), {});
    ledgers.cutOff(SITE);
    const asked = answering(SITE, { ledgers: ledgers.at, mirror, lastDay: DAY });
    await expect(asked).rejects.toMatchObject({
      code: "CloudUnreachable",
      message: expect.stringMatching(message),
    });
  });
});
