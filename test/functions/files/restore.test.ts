import { describe, expect, it, test } from "vitest";
import { restoreFiles } from "../../../functions/files/restore.ts";
import type { FiledFile, Manifest } from "../../../lib/sla/backups/manifest.ts";
import { obstacles, someOf } from "../../../lib/sla/backups/restore-files.ts";
import { FakeClock } from "../../fakes/clock.ts";

const file = (key: string): FiledFile => ({ key, size: 1, etag: '"e"', versionId: `v-${key}` });
const MANIFEST: Manifest = {
  ...{ instance: "acme", backup: "sla-acme-1", filestore: "s3://hosting/acme" },
  ...{ takenAt: "2026-01-05T03:00:00.000Z", filesAt: "2026-01-05T03:20:00.000Z" },
  files: ["a", "b", "c"].map(file),
};
const REQUEST = { instance: "acme", backup: "sla-acme-1", target: "s3://new/acme" };

describe("what speaks against a restore", () => {
  test.each([
    ["nothing", ["v-a", "v-b", "v-c", "v-old"], [], [], []],
    ["nothing, where an earlier call came half way", ["v-a", "v-b", "v-c"], ["a", "b"], [], []],
    ["versions that are gone", ["v-b"], [], ["a", "c"], []],
    ["files of something else", ["v-a", "v-b", "v-c"], ["a", "z"], [], ["z"]],
  ])("is %s", (_, versions, target, gone, foreign) => {
    expect(obstacles(MANIFEST, new Set(versions), target)).toEqual({ gone, foreign });
  });

  it("is told by some keys, and how many more", () => {
    expect(someOf(["a", "b"])).toBe("a, b");
    const many = Array.from({ length: 13 }, (_, n) => `${n}`);
    expect(someOf(many)).toBe("0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 3 more");
  });
});

function world({ versions = ["v-a", "v-b", "v-c"], secondsEach = 0, vanishing = "" } = {}) {
  const clock = new FakeClock("2026-02-01T00:00:00Z");
  const target = new Map<string, string>();
  const ports = {
    clock,
    archive: {
      manifest: async (_instance: string, backup: string) =>
        backup === MANIFEST.backup ? MANIFEST : undefined,
      versions: async () => new Set(versions),
    },
    target: {
      keys: async () => [...target.keys()],
      copy: async ({ file: { key, versionId } }: { readonly file: FiledFile }) => {
        await clock.wait(secondsEach);
        if (key === vanishing) return "gone" as const;
        target.set(key, versionId);
        return "copied" as const;
      },
    },
  };
  return {
    target,
    restore: (next?: number) =>
      restoreFiles({ ...REQUEST, ...(next !== undefined && { next }) }, ports),
    ports,
  };
}

describe("restoring the files of a backup", () => {
  it("copies exactly the versions of its manifest", async () => {
    const { target, restore } = world();
    expect(await restore()).toEqual({ restored: 3, of: 3 });
    expect([...target]).toEqual([
      ["a", "v-a"],
      ["b", "v-b"],
      ["c", "v-c"],
    ]);
  });

  it("goes on where its time was up", async () => {
    const files = Array.from({ length: 40 }, (_, n) => file(String(n).padStart(2, "0")));
    const { target, ports } = world({ secondsEach: 400, versions: files.map((f) => f.versionId) });
    const all = {
      ...ports,
      archive: { ...ports.archive, manifest: async () => ({ ...MANIFEST, files }) },
    };
    const first = await restoreFiles(REQUEST, all);
    expect(first).toEqual({ restored: first.next, of: 40, next: first.next });
    expect(first.next).toBeGreaterThan(0);
    let { next } = first;
    while (next !== undefined) ({ next } = await restoreFiles({ ...REQUEST, next }, all));
    expect(target.size).toBe(40);
  });

  it.each([
    [
      "a version is gone",
      world({ versions: ["v-a"] }),
      "FilesGone",
      "2 files of sla-acme-1 .*: b, c;",
    ],
    ["one goes meanwhile", world({ vanishing: "b" }), "FilesGone", "1 files of sla-acme-1 .*: b;"],
  ])("is refused with the keys where %s", async (_, { restore }, code, message) => {
    await expect(restore()).rejects.toMatchObject({
      ...{ code, message: expect.stringMatching(message) },
    });
  });

  it("is refused where the target has what the backup does not have", async () => {
    const { target, restore } = world();
    target.set("z", "theirs");
    await expect(restore()).rejects.toMatchObject({ code: "TargetNotEmpty" });
    expect([...target.keys()]).toEqual(["z"]);
  });

  it("is refused without a manifest", async () => {
    const { ports } = world();
    const restore = restoreFiles({ ...REQUEST, backup: "sla-acme-9" }, ports);
    await expect(restore).rejects.toMatchObject({ code: "ManifestMissing" });
  });
});
