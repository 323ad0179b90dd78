import { expect, it } from "vitest";
import type { Ledger } from "../../../functions/ledger/ledger.ts";

/** What every ledger does, real or fake. `name` keeps the keys of two runs apart. */
export function behavesAsALedger(ledgerOf: () => Ledger, name: string) {
  const key = (rest: string) => `${name}/${rest}`;

  it("knows nothing of a key nobody wrote", async () => {
    expect(await ledgerOf().read(key("nothing.json"))).toBeUndefined();
  });

  it("creates a key once and keeps the first value", async () => {
    const ledger = ledgerOf();
    expect(await ledger.create(key("once.json"), { first: true })).toBe(true);
    expect(await ledger.create(key("once.json"), { first: false })).toBe(false);
    expect((await ledger.read(key("once.json")))?.value).toEqual({ first: true });
  });

  it("replaces the version it was shown, and no newer one", async () => {
    const ledger = ledgerOf();
    await ledger.create(key("state.json"), { count: 1 });
    const seen = await ledger.read<{ count: number }>(key("state.json"));
    expect(await ledger.replace(key("state.json"), { count: 2 }, seen?.tag ?? "")).toBe(true);
    expect(await ledger.replace(key("state.json"), { count: 3 }, seen?.tag ?? "")).toBe(false);
    expect((await ledger.read(key("state.json")))?.value).toEqual({ count: 2 });
  });

  it("replaces no key that does not exist", async () => {
    expect(await ledgerOf().replace(key("absent.json"), {}, '"tag"')).toBe(false);
  });

  it("lets one of many creators win", async () => {
    const ledger = ledgerOf();
    const wins = await Promise.all(
      Array.from({ length: 8 }, (_, writer) => ledger.create(key("race.json"), { writer })),
    );
    expect(wins.filter(Boolean)).toHaveLength(1);
  });

  it("lists the keys below a prefix with tags that change with the value", async () => {
    const ledger = ledgerOf();
    await ledger.create(key("list/a.json"), 1);
    await ledger.create(key("list/b.json"), 1);
    await ledger.create(key("other.json"), 1);
    const before = await ledger.list(key("list/"));
    expect(before.map((entry) => entry.key)).toEqual([key("list/a.json"), key("list/b.json")]);
    expect((await ledger.read(key("list/a.json")))?.tag).toBe(before[0]?.tag);
    await ledger.replace(key("list/a.json"), 2, before[0]?.tag ?? "");
    const after = await ledger.list(key("list/"));
    expect(after[0]?.tag).not.toBe(before[0]?.tag);
    expect(after[1]?.tag).toBe(before[1]?.tag);
  });

  it("keeps compressed values as they were", async () => {
    const ledger = ledgerOf();
    await ledger.create(key("rounds.json.gz"), { text: "é".repeat(2000) });
    expect((await ledger.read(key("rounds.json.gz")))?.value).toEqual({ text: "é".repeat(2000) });
  });
}
