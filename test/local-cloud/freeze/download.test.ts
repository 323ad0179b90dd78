import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { chmodSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { s3Ledger } from "../../../functions/aws/s3-ledger.ts";
import type { LinkView } from "../../../functions/download/link-views.ts";
import { type MadeLink, makeLink } from "../../../functions/download/links.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { pathList } from "../../../lib/sla/backups/file-path.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";
import { slaIn } from "../../cli/sla.ts";
import {
  BUCKET,
  FLEET,
  type FrozenSite,
  fleet,
  frozenSite,
  OWNERS,
  REGION,
  ROWS,
} from "./frozen-site.ts";
import { type Issuer, issuerIn } from "./issuer.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });
/** A quarter of an hour is five seconds. */
const PACE = 180;
const LEDGER = `sla-ledger-111111111111-${REGION}`;
const FILE = "cedar-2026-11-22T0300Z.dump";

let site: FrozenSite;
let door: readonly string[] = [];
let made: MadeLink;
let issuer: Issuer;
let env: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  site = await frozenSite(PACE, sellingFiles(fleet, "odoo"));
  const { url, ground } = site.cloud;
  env = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: ground.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ground.credentials.secretAccessKey,
    SLA_PACE: String(PACE),
  };
  await site.ended(await site.take("freeze-start", site.proven("b1")));
  issuer = await issuerIn(site.cloud);
  made = await link();
  door = await wayTo(new URL(made.url).hostname);
});
afterAll(async () => {
  issuer?.close();
  await site?.close();
});

/** Its links lead to files as well. */
function sellingFiles(all: Fleet, name: string): Fleet {
  const plan = all.plans[name];
  if (!plan?.backups) throw new Error(`${name} keeps no backups`);
  const backups: typeof plan.backups = { ...plan.backups, contents: ["database", "filestore"] };
  return { ...all, plans: { ...all.plans, [name]: { ...plan, backups } } };
}

const sla = (...args: readonly string[]) =>
  slaIn(env, "download", "cedar", "--fleet", FLEET, ...args);

async function json<T>(...args: readonly string[]): Promise<T> {
  const { stdout, stderr, exitCode } = await sla(...args, "--json");
  expect([exitCode, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as T;
}
const link = () => json<MadeLink>();
const links = async () => (await json<{ links: LinkView[] }>("--list")).links;

/** How curl finds and believes a function's URL on this machine. */
async function wayTo(host: string): Promise<readonly string[]> {
  const { dnsServers, directory } = site.cloud.ground;
  const resolver = new Resolver();
  resolver.setServers(dnsServers);
  const [address = ""] = await resolver.resolve4(host);
  return ["--connect-to", `${host}:443:${address}:8443`, "--cacert", join(directory, "ca.pem")];
}

const run = promisify(execFile);
const curl = async (...args: readonly string[]) =>
  (await run("curl", ["--silent", "--show-error", ...door, ...args], { encoding: "utf8" })).stdout;
/** As whoever copies it from the terminal does. */
const shell = (cwd: string, line: string, more: Readonly<Record<string, string>> = {}) =>
  run("bash", ["-c", line], { cwd, timeout: 60_000, env: { ...process.env, ...more } });
/** Status and where it leads. */
const ask = (url: string, ...args: readonly string[]) =>
  curl("--path-as-is", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", ...args, url);

const folder = () => mkdtempSync(join(site.directory, "customer-"));
const sumOf = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

describe("a link to a frozen copy", () => {
  it("is followed by curl, which saves the dump under a name that says what it is", async () => {
    const at = folder();
    await curl("-fL", "--output-dir", at, "-O", "-J", made.url);
    expect(readdirSync(at)).toEqual([FILE]);
    expect(sumOf(join(at, FILE))).toBe(made.copy.dump.sha256);
    expect(readFileSync(join(at, FILE))).toHaveLength(made.copy.dump.bytes);
  });

  it("is taken up where it was left, after what one click opened has closed", async () => {
    const at = join(folder(), "half");
    const [, location = ""] = (await ask(made.url)).split(" ");
    expect(new URL(location).searchParams.get("X-Amz-Expires")).toBe("5");
    await curl("-fL", "-r", "0-9999", "-o", at, location);
    expect(readFileSync(at)).toHaveLength(10_000);
    const again = () => ask(location);
    await expect.poll(again, { timeout: 20_000, interval: 500 }).toMatch(/^403/);
    await curl("-fL", "-C", "-", "-o", at, made.url);
    expect(sumOf(at)).toBe(made.copy.dump.sha256);
  });

  it("says its size to who only looks", async () => {
    const head = await curl("-fLI", made.url);
    expect(head).toMatch(/^HTTP\/1.1 302 /);
    expect(head).toMatch(/HTTP\/1.1 200 /);
    expect(head.toLowerCase()).toContain(`content-length: ${made.copy.dump.bytes}\r\n`);
    expect(head).toContain(`attachment; filename="${FILE}"`);
  });

  it("is restored by stock pg_restore, in the way that was printed", async () => {
    const { stdout } = await sla();
    const lines = stdout.split("\n").map((line) => line.trim());
    const [url = ""] = lines.filter((line) => line.startsWith("https://"));
    const at = folder();
    const fetch = lines.find((line) => line.startsWith("curl ")) ?? "";
    expect(fetch).toBe(`curl -fL -C - -o ${FILE} '${url}'`);
    await shell(at, `${fetch} --silent --show-error ${door.join(" ")}`);
    await shell(at, lines.find((line) => line.startsWith("echo ")) ?? "");
    chmodSync(at, 0o755);
    chmodSync(join(at, FILE), 0o644);
    const { rds } = site.cloud.services;
    await rds.adminQuery(REGION, "restored", "create database elsewhere owner postgres");
    // An old pg_dump does not leave it out; its comment belongs to whoever made it.
    await rds.adminQuery(REGION, "restored", "create extension amcheck", [], "elsewhere");
    const { address, port } = rds.server(REGION, "restored");
    const restore = lines.find((line) => line.startsWith("pg_restore ")) ?? "";
    const there = restore.replace("-d 'postgres'", "--no-comments -d elsewhere");
    const server = { PGHOST: address, PGPORT: String(port), PGUSER: "postgres" };
    await shell(at, there, { ...server, PGPASSWORD: site.password });
    const count = "select count(*)::int as rows from orders";
    const rows = await rds.adminQuery(REGION, "restored", count, [], "elsewhere");
    expect(rows).toEqual([{ rows: ROWS }]);
  });

  it("is told with who followed it, and is itself in no ledger and no log", async () => {
    const before = (await links()).find(({ id }) => id === made.id)?.clicks ?? 0;
    await ask(made.url);
    const [found] = (await links()).filter(({ id }) => id === made.id);
    expect(found).toMatchObject({ state: "open", backup: "b1", clicks: before + 1 });
    expect(found?.lastClick).toMatchObject({
      ...{ instance: "cedar", outcome: "led", method: "GET" },
      from: expect.stringMatching(/^127\./),
      agent: expect.stringMatching(/^curl\//),
    });
    const [secret = "none"] = /[\w-]{43}/.exec(made.url) ?? [];
    const told = JSON.stringify(site.cloud.ground.log.all());
    expect(told).toContain(made.id);
    expect(told).not.toContain(secret);
  });

  it("ends when it is revoked", async () => {
    const { url, id } = await link();
    expect(await ask(url)).toMatch(/^302 http/);
    const { exitCode } = await sla("--revoke", url);
    expect(exitCode).toBe(0);
    expect(await ask(url)).toBe("404 ");
    expect((await links()).find((each) => each.id === id)?.state).toBe("revoked");
  });
});

describe("a link to an archive", () => {
  const REPLICA = `sla-files-111111111111-${REGION}`;
  const NAMES = ["1a/1a0f", "2b/letter ü+%&'~.txt"];

  /** Each file of a replica has changed since. */
  async function filed(instance: string) {
    const put = async (Key: string, Body: string | Buffer) =>
      (await site.s3.send(new PutObjectCommand({ Bucket: REPLICA, Key, Body }))).VersionId ?? "";
    const found = NAMES.map(async (key) => {
      const at = `files/${instance}/${key}`;
      const versionId = await put(at, `${instance}'s ${key}`);
      await put(at, "of later");
      return { key, versionId };
    });
    const files = await Promise.all(found);
    const manifest = gzipSync(JSON.stringify({ instance, backup: "b1", files }));
    const paths = await put(`paths/${instance}/b1.txt`, [...pathList(files)].join(""));
    return { manifest: await put(`manifests/${instance}/b1.json.gz`, manifest), paths };
  }

  async function archived(instance: string) {
    const { copy } = made;
    const key = copy.dump.key.replace("cedar", instance);
    const { archive } = await makeLink(
      { ledger: s3Ledger(site.s3, LEDGER), clock: clockFrom({}), page: new URL(made.url).origin },
      {
        ...{ instance, copy: { ...copy, dump: { ...copy.dump, key } }, by: "test" },
        ...{ files: await filed(instance), expiresSeconds: 3600, random: randomBytes(32) },
      },
    );
    const base = archive.replace("archive.json", "");
    const paths = (await curl("-fL", `${base}paths.txt`)).trimEnd().split("\n");
    return { base, paths };
  }

  it("says what there is, and leads to each file as it was, whatever its name", async () => {
    const { base, paths } = await archived("cedar");
    const page = JSON.parse(await curl("-fL", `${base}archive.json`));
    expect(page).toMatchObject({ instance: "cedar", dump: { sha256: made.copy.dump.sha256 } });
    const texts = await Promise.all(paths.map((path) => curl("-fL", base + path)));
    expect(texts).toEqual(NAMES.map((name) => `cedar's ${name}`));
    const at = folder();
    await curl("-fL", "--output-dir", at, "-O", "-J", `${base}files.json.gz`);
    const [file = ""] = readdirSync(at);
    expect(file).toBe(FILE.replace(".dump", ".files.json.gz"));
    expect(JSON.parse(gunzipSync(readFileSync(join(at, file))).toString())).toMatchObject({
      instance: "cedar",
    });
  });

  it("leads to no file of another's, whose versions and names are known", async () => {
    const [own, other] = [await archived("cedar"), await archived("birch")];
    const [path = ""] = other.paths;
    expect(await curl("-fL", other.base + path)).toBe("birch's 1a/1a0f");
    const climbing = path.replace("/1a/", "/../birch/1a/");
    const encoded = path.replace("/1a/", "/..%2Fbirch%2F1a%2F");
    for (const each of [path, climbing, encoded, path.replace("files/", "files/../birch/")]) {
      const status = await ask(own.base + each, "-L");
      expect([each, status.slice(0, 3)]).toEqual([each, expect.stringMatching(/^40[034]$/)]);
    }
  });

  it("is told with how many files were fetched, in one record", async () => {
    const { base, paths } = await archived("cedar");
    for (const path of [...paths, ...paths, ...paths]) await curl("-fL", base + path);
    const found = (await links()).flatMap(({ fetched }) => fetched ?? []);
    expect(found.at(-1)).toMatchObject({ led: expect.any(Number), refused: 0 });
    const { Contents = [] } = await site.s3.send(
      new ListObjectsV2Command({ Bucket: LEDGER, Prefix: "fetches/cedar/" }),
    );
    expect(Contents).toHaveLength(found.length);
  });
});

describe("who would have another customer's dump", () => {
  const token = () => new URL(made.url).pathname.split("/")[2] ?? "";
  const page = () => new URL(made.url).origin;
  const other = `acme/b1/${"ab".repeat(16)}/database.dump`;

  it.each<[string, () => string, ...string[]]>([
    ["names the other instance", () => `/d/${token().replace("cedar", "acme")}/${FILE}`],
    ["names the other's file", () => `/d/${token()}/acme-2026-11-22T0300Z.dump`],
    ["names its key", () => `/d/${token()}/${other}`],
    ["encodes its key", () => `/d/${token()}/${encodeURIComponent(other)}`],
    ["climbs", () => `/d/${token()}/../../${other}`],
    ["climbs in code", () => `/d/${token()}%2f..%2f..%2f${other}`],
    ["guesses", () => `/d/acme.${"A".repeat(43)}`],
    ["has only the id of a link", () => `/d/cedar.${made.id}`],
    ["would write", () => `/d/${token()}`, "-X", "PUT", "--data", "x"],
  ])("and %s finds nothing", async (_how, path, ...args) => {
    expect(await ask(page() + path(), ...args)).toBe("404 ");
  });

  it.each<[string, string, ...string[]]>([
    ["a query", `?key=${other}&instance=acme&X-Amz-Expires=604800`],
    ["a range", "", "-H", "Range: bytes=0-1,/acme"],
    ["headers", "", "-H", `X-Rewrite-Url: /${other}`, "-H", `X-Forwarded-For: 10.0.0.1`],
  ])("and adds %s gets the own one", async (_what, query, ...args) => {
    const answer = await ask(made.url + query, ...args);
    expect(answer).toMatch(/^302 /);
    const { pathname, searchParams } = new URL(answer.slice(4));
    expect(pathname).toBe(`/${BUCKET}/${made.copy.dump.key}`);
    expect(searchParams.get("X-Amz-Expires")).toBe("5");
  });

  it("and can write to the ledger cannot lead a link elsewhere, nor make it last", async () => {
    const { url, id } = await link();
    const at = { Bucket: LEDGER, Key: `links/cedar/${id}.json` };
    const { Body } = await site.s3.send(new GetObjectCommand(at));
    const record = JSON.parse((await Body?.transformToString()) ?? "{}") as object;
    const write = (changes: object) =>
      site.s3.send(
        new PutObjectCommand({ ...at, Body: JSON.stringify({ ...record, ...changes }) }),
      );
    for (const changes of [{ key: other }, { until: "2099-01-01T00:00:00.000Z" }]) {
      await write(changes);
      expect(await ask(url)).toBe("404 ");
    }
    const [told] = (await links()).filter((each) => each.id === id);
    expect(told?.lastClick?.outcome).toBe("tampered");
    await write({});
    expect(await ask(url)).toMatch(/^302 /);
  });
});

describe("no link", () => {
  it.each([
    [["--backup", "b9"], 2, /'b9' of cedar is not frozen; frozen are b1/],
    [["--expires", "90d"], 2, /--expires: '90d'.*15m to 30d/],
    [["--list", "--expires", "7d"], 2, /for a new link/],
    [["--revoke", "0123456789abcdef"], 2, /cedar has no link/],
  ])("is made or ended by %j", async (args, code, said) => {
    const { exitCode, stderr, stdout } = await sla(...args);
    expect([exitCode, stdout]).toEqual([code, ""]);
    expect(stderr).toMatch(said);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("is made to what was never frozen", async () => {
    const acme = await slaIn(env, "download", "acme", "--fleet", FLEET);
    expect([acme.exitCode, acme.stderr.trim()]).toEqual([
      1,
      "sla: acme has no frozen copy: its plan 'mintsys' sells none; --fresh makes a dump of now",
    ]);
    const list = await slaIn(env, "download", "acme", "--fleet", FLEET, "--list");
    expect(list.stdout).toBe("acme: frozen copies: none\nlinks: none\n");
  });
});

describe("a customer with a token of the issuer", () => {
  let api = "";
  let way: readonly string[] = [];

  beforeAll(async () => {
    api = site.cloud.services.apiEndpoint(REGION, "sla-customers") ?? "";
    way = await wayTo(new URL(api).hostname);
  });

  const call = async (token: string | undefined, path: string, ...args: readonly string[]) => {
    const signed = token === undefined ? [] : ["-H", `Authorization: Bearer ${token}`];
    const silent = ["--silent", "--show-error", ...way, "-w", "\n%{http_code}"];
    const { stdout } = await run("curl", [...silent, ...signed, ...args, `${api}${path}`]);
    const [body = "", status = ""] = stdout.split(/\n(?=\d+$)/);
    return { status: Number(status), said: JSON.parse(body) };
  };

  it("finds their instance and its copy, makes a link, fetches the dump and ends the link", async () => {
    const anna = await issuer.tokenOf(OWNERS.cedar);
    const { said: own } = await call(anna, "/instances");
    expect(own.instances.map(({ id }: { id: string }) => id)).toEqual(["cedar"]);
    const { said: there } = await call(anna, "/instances/cedar/copies");
    expect(there.copies).toMatchObject([{ backup: "b1", sha256: made.copy.dump.sha256 }]);
    const { status, said } = await call(
      anna,
      "/instances/cedar/downloads",
      "-d",
      '{"expires":"1h"}',
    );
    expect(status).toBe(201);
    const at = join(folder(), "fetched");
    await curl("-fL", "-o", at, said.url);
    expect(sumOf(at)).toBe(said.copy.sha256);
    const { said: listed } = await call(anna, "/instances/cedar/downloads");
    expect(listed.downloads.at(-1)).toMatchObject({
      id: said.id,
      by: "customer auth0|anna",
      clicks: 1,
    });
    const ended = await call(anna, `/instances/cedar/downloads/${said.id}`, "-X", "DELETE");
    expect(ended.said).toEqual({ instance: "cedar", revoked: said.id });
    expect(await ask(said.url)).toMatch(/^404/);
  });

  it("wishes for a dump of now, which the ledger then holds", async () => {
    const anna = await issuer.tokenOf(OWNERS.cedar);
    const asked = await call(anna, "/instances/cedar/dump", "-X", "POST");
    expect([asked.status, asked.said.dump.state]).toEqual([202, "under-way"]);
    const Key = "fresh/cedar.json";
    const { Body } = await site.s3.send(new GetObjectCommand({ Bucket: LEDGER, Key }));
    expect(JSON.parse((await Body?.transformToString()) ?? "")).toEqual({
      ...{ instance: "cedar", askedAt: asked.said.dump.askedAt, epoch: 1 },
      by: "customer auth0|anna",
    });
    expect((await call(anna, "/instances/cedar/dump")).said.dump).toEqual(asked.said.dump);
  });

  it("gets nothing of another's, and nothing by a token for another service", async () => {
    const bea = await issuer.tokenOf(OWNERS.acme);
    for (const path of ["copies", "downloads"]) {
      const { status, said } = await call(bea, `/instances/cedar/${path}`);
      expect([status, said.error.code]).toEqual([404, "NotFound"]);
    }
    expect((await call(bea, "/instances/cedar/downloads", "-d", "{}")).status).toBe(404);
    const shop = await issuer.tokenOf(OWNERS.cedar, "shop");
    expect((await call(shop, "/instances/cedar/copies")).said).toEqual({ message: "Unauthorized" });
    expect((await call(undefined, "/instances")).status).toBe(401);
  });
});
