import { existsSync, mkdtempSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cached } from "../../../lib/local-cloud/postgres/cache.ts";

let root: string;
let made = 0;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "cache-test-"));
  await chmod(root, 0o755);
  vi.stubEnv("TMPDIR", root);
  made = 0;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

async function make(directory: string): Promise<void> {
  made++;
  await writeFile(join(directory, "first"), String(made));
  await writeFile(join(directory, "second"), "");
}
const thing = (how = make) => cached({ name: "thing", proof: ["first", "second"], make: how });
const cacheOf = (path: string) => join(path, "..");

describe("the cache", () => {
  it("makes a thing once", async () => {
    const path = await thing();
    await expect(thing()).resolves.toBe(path);
    expect(made).toBe(1);
    await expect(readFile(join(path, "first"), "utf8")).resolves.toBe("1");
  });

  it("is used by simultaneous runs, and holds one whole thing afterwards", async () => {
    const paths = await Promise.all([thing(), thing(), thing()]);
    expect(new Set(paths).size).toBe(1);
    await expect(readdir(cacheOf(paths[0]))).resolves.toEqual(["thing"]);
  });

  it("makes a thing again of which a cleaner has taken a part", async () => {
    const path = await thing();
    await rm(join(path, "second"));
    await thing();
    expect(made).toBe(2);
    expect(existsSync(join(path, "second"))).toBe(true);
  });

  it("shows nothing of a thing whose making failed", async () => {
    const failing = async (directory: string) => {
      await writeFile(join(directory, "first"), "");
      throw new Error("disk full");
    };
    await expect(thing(failing)).rejects.toThrow("disk full");
    const path = await thing();
    await expect(readdir(cacheOf(path))).resolves.toEqual(["thing"]);
  });

  it("removes what a killed run has left, and nothing of a living one", async () => {
    const cache = cacheOf(await thing());
    const [dead, living] = ["other.4194400.0123456789ab", `other.${process.pid}.0123456789ab`];
    for (const name of [dead, living]) await mkdir(join(cache, name));
    await rm(join(cache, "thing"), { recursive: true });
    await thing();
    expect((await readdir(cache)).toSorted()).toEqual([living, "thing"]);
  });
});
