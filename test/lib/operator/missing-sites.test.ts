import { describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import { missingSites } from "../../../lib/operator/missing-sites.ts";
import { verify } from "../../../lib/operator/verify.ts";
import { monthSpan } from "../../../lib/sla/books/month.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const SITES = ["eu-central-1", "eu-central-2", "eu-west-1"];
const OCTOBER = ["2026-10-01", "2026-10-31"] as const;

const sealOf = (site: string, day: string) => ({ day, site, rollUps: {}, previous: null });

/** A ledger that keeps days of others, too. */
function ledger(site: string, kept: Readonly<Record<string, readonly string[]>> = {}) {
  const made = new MemoryLedger(site);
  made.put(keys.daySeal("2026-10-31"), sealOf(site, "2026-10-31"));
  for (const [other, days] of Object.entries(kept)) {
    for (const day of days) {
      made.put(keys.mirror(other, keys.daySeal(day)), sealOf(other, day));
    }
  }
  return made;
}

const look = async (...copies: readonly (readonly [name: string, ledger: MemoryLedger])[]) => {
  const named = copies.map(([name, shelf]) => ({ name, shelf }));
  return missingSites(SITES, named, OCTOBER);
};

describe("sites without a copy", () => {
  it("are those whose ledger is not among them, with what another one keeps of it", async () => {
    const days = ["2026-09-30", "2026-10-01", "2026-10-29", "2026-11-01"];
    const found = await look(["eu-west-1", ledger("eu-west-1", { "eu-central-1": days })]);
    expect(found).toMatchObject([
      { site: "eu-central-1", kept: { readIn: "eu-west-1", upTo: "2026-10-29" } },
      { site: "eu-central-2" },
    ]);
    expect(found[1]?.kept).toBeUndefined();
    expect(await found[0]?.shelf.text(keys.daySeal("2026-10-01"))).toContain("eu-central-1");
  });

  it("are none of those that copies say themselves they are of, whatever they are called", async () => {
    const all = SITES.map((site, index) => [`copy-${index}`, ledger(site)] as const);
    expect(await look(...all)).toEqual([]);
    expect(await look(["", ledger("eu-west-1")])).toMatchObject([
      { site: "eu-central-1" },
      { site: "eu-central-2" },
    ]);
  });

  it("are none of those that began later", async () => {
    const later = { "eu-central-1": ["2026-11-01"], "eu-central-2": ["2026-12-01"] };
    expect(await look(["eu-west-1", ledger("eu-west-1", later)])).toEqual([]);
  });

  it("are findings, each of its own", async () => {
    const own = { name: "eu-west-1", shelf: ledger("eu-west-1"), frozen: undefined };
    const lacking = (await missingSites(SITES, [own], OCTOBER)).map(({ site, shelf }) => ({
      ...{ name: site, shelf, frozen: undefined, isFormer: true, isMissing: true },
    }));
    const now = new Date("2026-11-02T12:00:00Z");
    const wish = { span: monthSpan("2026-10", "UTC"), now, begin: () => undefined };
    const [, ...found] = await verify([own, ...lacking], wish);
    const what = expect.stringMatching(/not among the copies/);
    expect(found.map(({ name, findings }) => ({ name, findings }))).toEqual(
      ["eu-central-1", "eu-central-2"].map((name) => ({
        ...{ name, findings: [{ key: "seals/", what }] },
      })),
    );
  });
});
