import { appendFileSync, copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { openSftp } from "../../functions/deliver/sftp.ts";
import { clockFrom } from "../../functions/kernel/clock.ts";
import { synthesize } from "../../lib/drill/synthesis.ts";
import { startSftp } from "../../lib/local-cloud/sftp/server.ts";
import { HARBOUR, listeningIn, Sla, sla } from "./sla.ts";

const WITHIN = { timeout: 2000, interval: 10 };
const NOTHING = { processes: [], directories: [] };
const LONG = { timeout: 120_000 };

const reports = mkdtempSync(join(tmpdir(), "lifecycle-"));
const running: Sla[] = [];
const start = (...args: readonly string[]): Sla => {
  const run = new Sla(args);
  running.push(run);
  return run;
};
beforeAll(async () => void (await synthesize(HARBOUR)));
afterEach(async () => void (await Promise.all(running.splice(0).map((run) => run.end()))));
afterAll(() => rmSync(reports, { recursive: true }));

const UP = ["local", "up", "--fleet", HARBOUR] as const;
const DRILL = ["drill", "--fleet", HARBOUR, "--out", reports] as const;
const url = ({ stdout }: Sla) => /AWS_ENDPOINT_URL=(http:\S+)/.exec(stdout)?.[1];
const started = ({ stdout }: Sla) => /local cloud: http/.test(stdout);

describe("sla local up", () => {
  it("tells how to reach the cloud and leaves nothing within 2 s of SIGKILL", LONG, async () => {
    const run = start(...UP);
    const endpoint = await run.until(
      "the guide",
      () => /Ctrl-C ends it/.test(run.stdout) && url(run),
    );
    expect(run.stdout).toMatch(/--endpoint-url http:\S+ rds describe-db-instances/);
    expect(run.stdout).toMatch(/PGPASSWORD=\S+ psql -h 127\.\d+\.\d+\.\d+ -p \d+/);
    const block = Number(/dig @127\.(\d+)\.53\.1 -p 8053 db\.tern/.exec(run.stdout)?.[1]);
    expect((await fetch(endpoint)).status).toBeGreaterThanOrEqual(400);

    const second = await sla(...UP, "--port", new URL(endpoint).port);
    expect(second.stderr.trim()).toMatch(
      /^sla: the AWS endpoint cannot listen on \S+: something else/,
    );
    expect(second).toMatchObject({ exitCode: 2, left: NOTHING });

    const before = run.processes();
    // Databases, their backends, functions, applications, writers and the guard.
    expect(before.length).toBeGreaterThan(20);
    expect(run.directories()).not.toEqual([]);
    expect(listeningIn(block)).not.toEqual([]);
    process.kill(run.pid, "SIGKILL");
    await vi.waitFor(() => {
      expect(run.remains(before)).toEqual(NOTHING);
      expect(listeningIn(block)).toEqual([]);
    }, WITHIN);
    await expect(fetch(endpoint)).rejects.toThrow();
  });

  it(
    "has an SFTP server for deliveries, and goes down in good order at Ctrl-C, also at a second one",
    LONG,
    async () => {
      const dumps = mkdtempSync(join(tmpdir(), "lifecycle-dumps-"));
      onTestFinished(() => rmSync(dumps, { recursive: true }));
      const sftp = await startSftp({ directory: dumps, port: 0 });
      const rehearse = ["--sftp", dumps, "--sftp-port", String(sftp.port)];
      const taken = await sla(...UP, ...rehearse);
      expect(taken.stderr.trim()).toMatch(
        /^sla: the SFTP server cannot listen on 127\.0\.0\.1:\d+/,
      );
      expect(taken).toMatchObject({ exitCode: 2, left: NOTHING });
      await sftp.close();

      const run = start(...UP, ...rehearse);
      await run.until("the guide", () => /Ctrl-C ends it/.test(run.stdout));
      expect(run.stdout).toContain(
        `sftp -P ${sftp.port} sla@127.0.0.1    # password: ${sftp.password}`,
      );
      expect(run.stdout).toContain(`hostKey: "${sftp.hostKey}"`);
      const { address: host, port, hostKey, username, password } = sftp;
      const to = { kind: "sftp", host, port, path: "/", secret: "x", hostKey: [hostKey] } as const;
      const login = { kind: "sftp", username, password } as const;
      const signal = AbortSignal.timeout(30_000);
      const depot = await openSftp(to, login, { clock: clockFrom({}), signal });
      expect(await depot.list("")).toEqual([]);
      depot.close();
      const before = run.processes();
      run.interrupt();
      run.interrupt();
      expect(await run.exitCode).toBe(0);
      expect(run.stderr).toBe("");
      await vi.waitFor(() => expect(run.remains(before)).toEqual(NOTHING), WITHIN);
    },
  );
});

describe("Ctrl-C", () => {
  it.for<[string, readonly string[]]>([
    ["sla local up", UP],
    ["sla drill", DRILL],
  ])("ends %s while it comes up and leaves nothing", LONG, async ([, args]) => {
    const run = start(...args);
    await run.until("databases are being made", () => started(run) && run.processes().length > 3);
    const before = run.processes();
    run.interrupt();
    expect(await run.exitCode).toBe(130);
    await vi.waitFor(() => expect(run.remains(before)).toEqual(NOTHING), WITHIN);
  });

  it("ends a running drill, which leaves neither cloud nor report", LONG, async () => {
    const run = start(...DRILL);
    await run.until("the watch", () => /waiting until every vantage/.test(run.stdout));
    const before = run.processes();
    run.interrupt();
    expect(await run.exitCode).toBe(130);
    await vi.waitFor(() => expect(run.remains(before)).toEqual(NOTHING), WITHIN);
    expect(readdirSync(reports)).toEqual([]);
  });

  it("ends a synthesis and leaves no half of a cdk.out", LONG, async () => {
    const cache = resolve(".cache/synth");
    const known = readdirSync(cache);
    const fresh = () => readdirSync(cache).filter((name) => !known.includes(name));
    const fleet = join(mkdtempSync(join(reports, "fleet-")), "fleet.yaml");
    copyFileSync(HARBOUR, fleet);
    appendFileSync(fleet, `# never synthesized before: ${Date.now()}\n`);
    const run = start("drill", "--fleet", fleet, "--out", reports);
    const [half = ""] = await run.until("the synthesis", () => fresh().length > 0 && fresh());
    expect(half).toMatch(/^fresh-/);
    const before = run.processes();
    run.interrupt();
    expect(await run.exitCode).toBe(130);
    await vi.waitFor(() => {
      expect(run.remains(before)).toEqual(NOTHING);
      expect(fresh()).not.toContain(half);
    }, WITHIN);
  });
});
