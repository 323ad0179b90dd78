import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  filePath,
  isPlainKey,
  pathList,
  versionAt,
} from "../../../../lib/sla/backups/file-path.ts";

const versionId = "3sL4kqtJlcpXroDTDm.rmSpXd3dIbrHY";

describe("the path of a version in a link", () => {
  test.each([
    ["1a/1a0f", `${versionId}/1a/1a0f`],
    ["a b/ü.pdf", `${versionId}/a%20b/%C3%BC.pdf`],
    ["?x=1#y", `${versionId}/%3Fx%3D1%23y`],
    ["100%/~$draft.doc", `${versionId}/100~25/~7E%24draft.doc`],
    ["%2e%2e/x", `${versionId}/~252e~252e/x`],
  ])("of %s is %s", (key, path) => {
    expect(filePath({ key, versionId })).toBe(path);
    expect(versionAt(path)).toEqual({ key, versionId });
  });

  it.each([
    ["nothing", ""],
    ["a version alone", versionId],
    ["a version and no key", `${versionId}/`],
    ["no version", "/1a/1a0f"],
    ["a way up", `${versionId}/../birch/1a`],
    ["an encoded way up", `${versionId}/%2e%2e/birch/1a`],
    ["an encoded slash on the way up", `${versionId}/..%2Fbirch%2F1a`],
    ["a way up encoded our own way", `${versionId}/1a/../..`],
    ["a part of nothing", `${versionId}/1a//1a0f`],
    ["this directory", `${versionId}/./1a0f`],
    ["a folder", `${versionId}/1a/`],
    ["a backslash", `${versionId}/..%5Cbirch`],
    ["a line break", `${versionId}/a%0d%0ax: y`],
    ["a zero", `${versionId}/a%00`],
    ["no UTF-8", `${versionId}/%ff%fe`],
    ["half an escape", `${versionId}/a%2`],
    ["an escape of nobody", `${versionId}/a~2F..~2Fb`],
    ["an escape in the version", `a~25b/1a`],
    ["a version that is a way up", "../1a"],
  ])("is not %s", (_what, path) => {
    expect(versionAt(path)).toBeUndefined();
  });

  it("law: leads back to its key, however often a gateway decodes it, and has no % of the key's", () => {
    const key = fc.string({ unit: "grapheme", minLength: 1 }).filter(isPlainKey);
    fc.assert(
      fc.property(key, (each) => {
        const path = filePath({ key: each, versionId });
        expect(versionAt(path)).toEqual({ key: each, versionId });
        expect(versionAt(decodeURIComponent(path))).toEqual({ key: each, versionId });
      }),
      { numRuns: 500 },
    );
  });

  it("law: whatever it is, what it names stays below the prefix it is put behind", () => {
    const piece = fc.constantFrom("/", "..", ".", "%2f", "%2e", "~25", "~", "\\", "a", versionId);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const found = versionAt(pieces.join(""));
        if (!found) return;
        const { pathname } = new URL(`https://s3/files/acme/${filePath(found)}`);
        expect(pathname.startsWith("/files/acme/")).toBe(true);
        expect(found.key.split("/")).not.toContain("..");
      }),
      { numRuns: 2000 },
    );
  });

  it("is listed for each file that a link can lead to", () => {
    const files = ["1a/b c", "folder/", "2b/x"].map((key) => ({ key, versionId: "v1" }));
    expect([...pathList(files)]).toEqual(["files/v1/1a/b%20c\nfiles/v1/2b/x\n"]);
    const many = Array.from({ length: 2500 }, (_, n) => ({ key: `${n}`, versionId: "v1" }));
    const text = [...pathList(many)].join("");
    expect(text.split("\n")).toEqual([...many.map(({ key }) => `files/v1/${key}`), ""]);
  });
});
