import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { slaIn } from "./sla.ts";

vi.setConfig({ testTimeout: 60_000 });
const SECRET = "S".repeat(43);
const DUMP = "acme-2026-11-22T1400Z.dump";
const sum = (kind: string, text: string) => createHash(kind).update(text).digest("hex");

const archive = {
  ...{ instance: "acme", backup: "sla-acme-1", takenAt: "2026-11-22T14:00:30.000Z" },
  dump: { path: DUMP, bytes: 6, sha256: sum("sha256", "a dump") },
  files: { manifest: "files.json.gz", paths: "paths.txt", each: "files/VERSION/KEY" },
};
const list = {
  ...{ instance: "acme", backup: "sla-acme-1" },
  files: [
    { key: "1a/1a0f", size: 10, etag: '"x"', versionId: "v1" },
    { key: "2b/parts", size: 5, etag: '"x-2"', versionId: "v2" },
    { key: "../up", size: 1, etag: '"x"', versionId: "v3" },
  ],
};

/** As S3 answers, by path behind the link; nothing: it leads on to where it is gone. */
const THERE: Readonly<Record<string, readonly [body: string | Buffer, etag: string]>> = {
  "archive.json": [JSON.stringify(archive), '"x"'],
  "files.json.gz": [gzipSync(JSON.stringify(list)), '"x"'],
  [DUMP]: ["a dump", '"x-2"'],
  "files/v1/1a/1a0f": ["an invoice", `"${sum("md5", "an invoice")}"`],
  "files/v2/2b/parts": ["parts", '"x-2"'],
};
let gone = "";

const door = createServer((request, response) => {
  const [, , , ...rest] = request.url?.split("/") ?? [];
  const path = rest.join("/");
  const [body, etag] = THERE[path] ?? [];
  if (request.url === "/gone") response.writeHead(404).end();
  else if (path === gone) response.writeHead(302, { location: "/gone" }).end();
  else if (body === undefined) response.writeHead(404).end();
  else response.writeHead(200, { etag }).end(body);
});
let link = "";
let directory = "";

beforeAll(async () => {
  await new Promise<void>((done) => door.listen(0, "127.0.0.1", done));
  link = `http://127.0.0.1:${(door.address() as AddressInfo).port}/d/acme.${SECRET}/${DUMP}`;
});
afterAll(() => door.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "sla-fetch-"));
  gone = "";
  return () => rmSync(directory, { recursive: true, force: true });
});

const fetched = async (...args: readonly string[]) => {
  const outcome = await slaIn({}, "fetch", ...args);
  expect(outcome.stdout + outcome.stderr).not.toContain(SECRET);
  return outcome;
};

it("brings what there is, says what cannot be brought, and exits with 1", async () => {
  const { stdout, stderr, exitCode } = await fetched(link, "--to", directory);
  expect([exitCode, stderr]).toEqual([1, ""]);
  expect(stdout.split("\n").filter((line) => line.length > 80 && !/cd '/.test(line))).toEqual([]);
  const text = stdout.replaceAll(/\s+/g, " ");
  expect(text).toContain("acme: sla-acme-1, 1 KB: 3 fetched now; 1 of them came in parts");
  expect(text).toContain('missing "../up": its name is no path on a disk');
  expect(readFileSync(join(directory, "files/1a/1a0f"), "utf8")).toBe("an invoice");
});

it("says in JSON what is gone", async () => {
  gone = "files/v1/1a/1a0f";
  const { stdout, exitCode } = await fetched(link, "--to", directory, "--json");
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ to: directory, instance: "acme", dump: DUMP, files: 1, fetched: 2, missingCount: 2 },
    missing: [{ path: '"../up"' }, { path: "files/1a/1a0f", why: "it is not there any more" }],
  });
});

it("goes on by a link that is handed over on standard input", async () => {
  await fetched(link, "--to", directory);
  const { stdout } = await promisify(execFile)(
    "bash",
    ["-c", `echo '${link}' | '${process.execPath}' bin/sla.js fetch - --to '${directory}' || true`],
    { encoding: "utf8" },
  );
  expect(stdout).toContain("acme: sla-acme-1, 1 KB: 0 fetched now");
});

it.each<[string, () => readonly string[], number, RegExp]>([
  ["no link", () => [`https://example.com/${SECRET}`], 2, /^sla: LINK: expected a link/],
  ["a link that ended", () => [link.replace(/S(?=\/)/, "T").replace("/d/", "/x/d/")], 1, /nowhere/],
  ["no directory of its own", () => [link], 2, /has something else in it/],
])("refuses %s in one sentence", async (_what, args, code, said) => {
  writeFileSync(join(directory, "mine"), "");
  const { stdout, stderr, exitCode } = await fetched(...args(), "--to", directory);
  expect([exitCode, stdout]).toEqual([code, ""]);
  expect(stderr).toMatch(said);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});
