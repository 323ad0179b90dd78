import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { MadeLink } from "../../../functions/download/links.ts";
import { fetchArchive } from "../../../lib/operator/fetch-archive.ts";
import type { FetchReport } from "../../../lib/operator/fetch-tally.ts";
import { type ArchiveDoor, archiveDoor, copyOf, DUMP } from "./archive-door.ts";

vi.setConfig({ testTimeout: 60_000 });
const BACKUP = "sla-acme-1";

/** What acme's files were when its dump was taken. */
const THEN: Readonly<Record<string, string>> = {
  "1a/1a0f": "an invoice",
  "2b/letter ü+%&'~.txt": "a letter",
  "3c/empty": "",
  "4d/large": "0123456789".repeat(50_000),
};

let door: ArchiveDoor;
let made: MadeLink;
let directory: string;

beforeAll(async () => {
  door = await archiveDoor();
  for (const [key, text] of Object.entries(THEN)) door.put("acme", key, text);
  door.put("birch", "1a/1a0f", "another's invoice");
  await door.take("acme", BACKUP);
  await door.take("birch", "sla-birch-1");
  // None of this is in the archive.
  door.put("acme", "1a/1a0f", "changed since");
  door.put("acme", "5e/new", "new");
  await door.take("acme", "sla-acme-2");
  made = await door.link("acme");
});

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "fetched-"));
  door.faults.of = () => undefined;
  door.asked.length = 0;
  return () => rmSync(directory, { recursive: true, force: true });
});

afterAll(() => door.close());

const pauses: number[] = [];
const web = {
  get: (url: string, headers?: Readonly<Record<string, string>>) =>
    fetch(url, headers && { headers }),
  pause: async (seconds: number) => void pauses.push(seconds),
};

const bring = (url = made.url, ports = { web }): Promise<FetchReport> =>
  fetchArchive(url, directory, { ...ports, clock: door.clock, tell: () => {} });

const fileNames = (at = join(directory, "files")) =>
  readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(at.length + 1))
    .toSorted();
const contents = (at = join(directory, "files")) =>
  Object.fromEntries(fileNames(at).map((name) => [name, readFileSync(join(at, name), "utf8")]));
const run = promisify(execFile);
const shell = (line: string) => run("bash", ["-o", "pipefail", "-c", line], { cwd: directory });

describe("an archive", () => {
  it("is brought whole: dump, files as they were then, manifest, sums that sha256sum believes", async () => {
    const report = await bring();
    const bytes = Object.values(THEN).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(report).toEqual({
      ...{ instance: "acme", backup: BACKUP, takenAt: "2026-11-22T14:00:30.000Z" },
      ...{ dump: made.file, files: 4, bytes: DUMP.length + bytes, fetched: 5, bySizeAlone: 0 },
      ...{ missing: [], missingCount: 0 },
    });
    expect(contents()).toEqual(THEN);
    expect(readFileSync(join(directory, made.file)).equals(DUMP)).toBe(true);
    expect(readdirSync(directory).toSorted()).toEqual(
      ["SHA256SUMS", made.file, "archive.json", "files", "files.json"].toSorted(),
    );
    await shell("sha256sum -c --quiet --strict SHA256SUMS");
    expect(readFileSync(join(directory, "SHA256SUMS"), "utf8").split("\n")).toHaveLength(6);
  });

  it("is fetched by wget and curl alone, as sla download says it", async () => {
    const base = made.archive.replace("archive.json", "");
    await shell(
      `curl -fsL '${base}paths.txt' | sed 's|^|${base}|' | wget -q -c -x -nH --cut-dirs=4 -P files --retry-on-http-error=429,503 -i -`,
    );
    const { "2b/letter ü+%&'~.txt": odd, ...plain } = THEN;
    // Whatever is not to be put into a path plainly has a name of its own there.
    const names = contents();
    expect(names).toMatchObject(plain);
    expect(Object.keys(names)).toHaveLength(4);
    expect(Object.values(names)).toContain(odd);
    const { stdout } = await shell(`curl -fsL '${base}files.json.gz' | gunzip | jq -r .backup`);
    expect(stdout).toBe(`${BACKUP}\n`);
  });

  it("is not fetched twice, and only what is missing is", async () => {
    await bring();
    rmSync(join(directory, "files/2b"), { recursive: true });
    writeFileSync(join(directory, "files/1a/1a0f"), "cut");
    door.asked.length = 0;
    expect(await bring()).toMatchObject({ files: 4, fetched: 2, missingCount: 0 });
    expect(contents()).toEqual(THEN);
    expect(door.asked.filter((path) => path.startsWith("files/"))).toHaveLength(2);
  });

  it("goes on where a file was cut, and begins again where its bytes are wrong", async () => {
    const part = ".sla-part";
    const large = THEN["4d/large"] ?? "";
    await bring();
    for (const name of ["files/4d/large", "files/1a/1a0f", made.file]) {
      rmSync(join(directory, name));
    }
    rmSync(join(directory, "SHA256SUMS"));
    writeFileSync(join(directory, `files/4d/large${part}`), large.slice(0, 123_456));
    writeFileSync(join(directory, `files/1a/1a0f${part}`), "an error!!");
    writeFileSync(join(directory, `${made.file}${part}`), DUMP);
    const ranges: string[] = [];
    const spy = {
      ...web,
      get: (url: string, headers?: Readonly<Record<string, string>>) => {
        if (headers?.["range"]) ranges.push(headers["range"]);
        return web.get(url, headers);
      },
    };
    expect(await bring(made.url, { web: spy })).toMatchObject({ missingCount: 0, files: 4 });
    expect(contents()).toEqual(THEN);
    expect(ranges.toSorted()).toEqual(
      ["bytes=123456-", "bytes=9-", `bytes=${DUMP.length - 1}-`].toSorted(),
    );
  });

  it.each([429, 500, 503, 403])("waits and asks again after a %i", async (status) => {
    let times = 2;
    door.faults.of = (path) => (path.startsWith("files/") && times-- > 0 ? status : undefined);
    pauses.length = 0;
    expect(await bring()).toMatchObject({ missingCount: 0, files: 4 });
    expect(pauses.length).toBeGreaterThan(0);
  });

  it("lacks what does not come after five times, says what that is, and brings the rest", async () => {
    door.faults.of = (path) => (path.includes("1a0f") ? 503 : undefined);
    const report = await bring();
    expect(report).toMatchObject({
      ...{ files: 3, missingCount: 1 },
      missing: [{ path: "files/1a/1a0f", why: "the answer was 503" }],
    });
    expect(door.asked.filter((path) => path.includes("1a0f"))).toHaveLength(5);
    door.faults.of = () => undefined;
    expect(await bring()).toMatchObject({ files: 4, fetched: 1, missingCount: 0 });
  });

  it("ends where its link ends", async () => {
    door.faults.of = (path) => (path.startsWith("files/") ? 404 : undefined);
    await expect(bring()).rejects.toThrow(/the link leads nowhere: .*ask for a new one/);
  });

  it("of a dump that is not what was sealed is not kept", async () => {
    const copy = copyOf("acme");
    const other = await door.link("acme", {
      ...copy,
      dump: { ...copy.dump, sha256: "ab".repeat(32) },
    });
    const report = await bring(other.url);
    expect(report.missing).toEqual([
      { path: made.file, why: "its bytes are not what they were said to be" },
    ]);
    expect(readdirSync(directory)).not.toContain(made.file);
  });

  it("goes into no directory with something else in it", async () => {
    writeFileSync(join(directory, "mine"), "x");
    await expect(bring()).rejects.toThrow(/has something else in it: expected an empty directory/);
    expect(readdirSync(directory)).toEqual(["mine"]);
  });

  it.each([
    ["nothing", ""],
    ["another site's", "https://example.com/"],
    ["no link of ours", "https://example.com/d/acme.short/x"],
    ["unencrypted", `http://example.com/d/acme.${"A".repeat(43)}`],
    ["a file", "file:///etc/passwd"],
  ])("is not behind %s, and what was given is not repeated", async (_what, url) => {
    const failure = await bring(url).catch((cause: Error) => cause);
    expect(failure).toMatchObject({ message: expect.stringMatching(/^LINK: expected a link/) });
    expect(JSON.stringify(failure)).not.toContain("A".repeat(43));
  });
});

describe("the files of a backup", () => {
  it("are found by what is written down of them, whether or not their paths are listed", async () => {
    door.write("manifests/acme/sla-acme-0.json.gz", "{}");
    const written = expect.any(String);
    expect(await door.found("acme", "sla-acme-0")).toEqual({ manifest: written });
    expect(await door.found("acme", BACKUP)).toEqual({ manifest: written, paths: written });
    expect(await door.found("acme", "sla-acme-9")).toBeUndefined();
  });

  it("stay behind a link whose backup has been rotated away", async () => {
    await door.take("acme", "sla-acme-3");
    const open = await door.link("acme", copyOf("acme", "sla-acme-3"));
    await door.drop("acme", "sla-acme-3");
    expect(await door.found("acme", "sla-acme-3")).toBeUndefined();
    expect(await bring(open.url)).toMatchObject({ files: 5, missingCount: 0 });
    expect(contents()["1a/1a0f"]).toBe("changed since");
  });
});

it("a dump of MariaDB is brought under a name of its own", async () => {
  const { postgres: _, ...copy } = copyOf("acme");
  const mariadb = { server: "10.11.13-MariaDB", dumpedBy: "11.8.2-MariaDB" };
  const open = await door.link("acme", { ...copy, mariadb });
  const report = await bring(open.url);
  expect(report).toMatchObject({ dump: "acme-2026-11-22T1400Z.sql.gz", missingCount: 0 });
  expect(readFileSync(join(directory, open.file)).equals(DUMP)).toBe(true);
});

describe("who has a link of one instance", () => {
  it("opens no version of another's, though its key and version are known", async () => {
    const other = await door.link("birch");
    const base = other.archive.replace("archive.json", "");
    const { stdout } = await shell(`curl -fsL '${base}paths.txt'`);
    const [path = ""] = stdout.split("\n");
    const [, version = ""] = path.split("/");
    expect((await fetch(base + path)).status).toBe(200);
    const mine = made.archive.replace("archive.json", "");
    const tries = [
      path,
      `files/${version}/../birch/1a/1a0f`,
      `files/${version}/..%2Fbirch%2F1a%2F1a0f`,
      `files/${version}/birch/1a/1a0f`,
      `files/${version}%2F..%2Fbirch/1a/1a0f`,
    ];
    for (const each of tries) {
      const answers = await shell(
        `curl -sL --path-as-is -w '%{http_code}' -o /dev/null '${mine}${each}'`,
      );
      expect([each, answers.stdout]).toEqual([each, expect.stringMatching(/^40[04]$/)]);
    }
  });
});
