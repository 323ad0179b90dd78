import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { pageDirectory } from "../../../lib/cli/write-page.ts";
import { makeDirectory } from "../../../lib/operator/make-directory.ts";

const here = mkdtempSync(join(tmpdir(), "make-directory-"));
const inHere = (...names: readonly string[]) => join(here, ...names);
afterAll(() => rmSync(here, { recursive: true }));

describe("a directory that is wanted", () => {
  it("is made with those above it, and may be there", () => {
    for (const path of [inHere("a", "b", "c"), inHere("a", "b"), here, `${inHere("d", "e")}/`]) {
      makeDirectory(path);
      expect(statSync(path).isDirectory()).toBe(true);
    }
    symlinkSync(inHere("a"), inHere("link"));
    makeDirectory(inHere("link", "b", "x"));
    expect(statSync(inHere("a", "b", "x")).isDirectory()).toBe(true);
  });

  it("is refused where something else is", () => {
    writeFileSync(inHere("file"), "");
    expect(() => makeDirectory(inHere("file"))).toThrow("EEXIST");
    expect(() => makeDirectory(inHere("file", "below"))).toThrow("ENOTDIR");
    symlinkSync(inHere("nowhere"), inHere("dangling"));
    expect(() => makeDirectory(inHere("dangling"))).toThrow("ENOENT");
  });

  it.runIf(process.platform === "linux").each(["/proc/no-such", "/proc/no-such/below"])(
    "is refused at once where none can be: %s",
    (path) => {
      expect(() => makeDirectory(path)).toThrow("ENOENT");
      expect(() => pageDirectory(path)).toThrow(
        `--html: cannot write '${path}': there is no such directory`,
      );
    },
  );
});
