import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tarBytes, tarOf } from "../../../functions/deliver/tar.ts";

interface File {
  readonly name: string;
  readonly size: number;
  readonly content: Buffer;
}
const file = (name: string, content: Buffer | string): File => {
  const bytes = Buffer.from(content);
  return { name, size: bytes.length, content: bytes };
};
const packed = async (files: readonly File[]) =>
  Buffer.concat(
    await Array.fromAsync(
      tarOf(files, async ({ content }) =>
        (async function* () {
          for (let at = 0; at < content.length; at += 700) yield content.subarray(at, at + 700);
        })(),
      ),
    ),
  );

function unpacked(archive: Buffer, names: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), "tar-"));
  try {
    writeFileSync(join(directory, "a.tar"), archive);
    execFileSync("tar", ["-xf", "a.tar"], { cwd: directory });
    return names.map((name) => readFileSync(join(directory, name)));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe("an archive of files", () => {
  it("is read by the tar of the machine, whatever the names, and is as long as was said", async () => {
    const files = [
      file("files/a.txt", "one"),
      file("files/empty", ""),
      file("files/block", Buffer.alloc(512, 7)),
      file("files/Übersicht – 2026 [π].pdf", "two"),
      file(`files/${"deep/".repeat(40)}name`, "three"),
      file(`files/${"é".repeat(60)}`, Buffer.alloc(1025, 1)),
    ];
    const archive = await packed(files);
    expect(archive.length).toBe(tarBytes(files));
    const names = files.map(({ name }) => name);
    expect(unpacked(archive, names)).toEqual(files.map(({ content }) => content));
  });

  it("says its length right for names of any length, where that of the length itself changes", async () => {
    const lengths = fc.integer({ min: 1, max: 1200 });
    await fc.assert(
      fc.asyncProperty(lengths, fc.constantFrom("n", "ü"), async (length, letter) => {
        const name = letter.repeat(length);
        const [archive, said] = [await packed([file(name, "x")]), tarBytes([file(name, "x")])];
        expect(archive.length).toBe(said);
        const record = /^(\d+) path=/.exec(archive.subarray(512).toString("latin1"));
        if (!record) return;
        const end = archive.indexOf("\n", 512);
        expect(Number(record[1])).toBe(end - 512 + 1);
      }),
    );
  });

  it("of more than eight gigabytes in one file says so beside the header", () => {
    const size = 9_000_000_000;
    expect(tarBytes([{ name: "big", size }])).toBe(3 * 512 + Math.ceil(size / 512) * 512 + 2 * 512);
  });

  it("is not finished where a file is not as long as was said", async () => {
    const short = { ...file("files/a.txt", "one"), size: 4 };
    await expect(packed([short])).rejects.toThrow("files/a.txt has 3 bytes, expected 4");
  });
});
