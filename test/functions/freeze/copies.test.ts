import { describe, expect, it } from "vitest";
import type { Manifest } from "../../../functions/freeze/contract.ts";
import { copiesOf } from "../../../functions/freeze/copies.ts";
import type { Vault } from "../../../functions/freeze/ports.ts";

const manifest = (instance: string, backup: string, more: Partial<Manifest> = {}): Manifest => ({
  ...{ instance, backup, takenAt: "2026-11-22T03:00:00.000Z", database: "erp" },
  dump: { key: `${instance}/${backup}/a1/database.dump`, sha256: "ab".repeat(32), bytes: 7 },
  contents: { key: `${instance}/${backup}/a1/contents.txt`, entries: 12 },
  postgres: { server: "15.8", dumpedBy: "17.2" },
  retainUntil: "2027-03-22T04:00:00.000Z",
  ...more,
});

/** A bucket with everything that a freezing leaves; dumps of `gone` backups were deleted. */
function vault(manifests: readonly Manifest[], gone: readonly string[] = []): Vault {
  const texts = new Map(
    manifests.flatMap((each) => [
      [`${each.instance}/${each.backup}/manifest.json`, JSON.stringify(each)] as const,
      [each.dump.key, "1234567"] as const,
      [each.dump.key.replace("database.dump", "receipt.json"), "{}"] as const,
    ]),
  );
  for (const key of gone) texts.delete(key);
  return {
    bucket: "frozen",
    keys: async (prefix) => [...texts.keys()].filter((key) => key.startsWith(prefix)),
    text: async (key) => texts.get(key),
    lock: async (key) => {
      const bytes = texts.get(key)?.length;
      return bytes === undefined ? undefined : { bytes, writtenAt: new Date(0) };
    },
    writeOnce: async () => false,
  };
}

describe("the frozen copies of an instance", () => {
  it("are its own, the newest last, with the rows that were counted", async () => {
    const counts = { "public.orders": 5, "public.lines": 7 };
    const found = await copiesOf(
      vault([
        manifest("acme", "b2", { counts }),
        manifest("acme", "b1", { takenAt: "2026-11-21T03:00:00.000Z" }),
        manifest("acme-shop", "b1"),
      ]),
      "acme",
    );
    expect(found.map(({ backup, counted }) => [backup, counted])).toEqual([
      ["b1", undefined],
      ["b2", { tables: 2, rows: 12 }],
    ]);
    expect(found.at(-1)).toMatchObject({
      dump: { key: "acme/b2/a1/database.dump", bytes: 7 },
      postgres: { dumpedBy: "17.2" },
      retainUntil: "2027-03-22T04:00:00.000Z",
    });
  });

  it("are of whichever engine their manifests name", async () => {
    const versions = { server: "10.11.13-MariaDB", dumpedBy: "11.8.2-MariaDB" };
    const { postgres: _, ...rest } = manifest("shop", "b1");
    const [found] = await copiesOf(
      vault([{ ...rest, mariadb: versions, untransacted: ["`a`.`b`"] }]),
      "shop",
    );
    expect(found).toMatchObject({ backup: "b1", mariadb: versions, untransacted: ["`a`.`b`"] });
    expect(found).not.toHaveProperty("postgres");
  });

  it.each([
    ["whose dump was deleted after its time", "acme/b1/a1/database.dump"],
    ["that were not finished", "acme/b1/manifest.json"],
  ])("are none %s", async (_which, key) => {
    expect(await copiesOf(vault([manifest("acme", "b1")], [key]), "acme")).toEqual([]);
  });

  it("are none whose dump is not the one that was hashed", async () => {
    const { dump } = manifest("acme", "b1");
    const other = manifest("acme", "b1", { dump: { ...dump, bytes: 8 } });
    expect(await copiesOf(vault([other]), "acme")).toEqual([]);
  });
});
