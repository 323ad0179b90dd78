import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectRetentionCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Manifest } from "../../../functions/freeze/contract.ts";
import { BUCKET, type FrozenSite, frozenSite, REGION, ROWS, WITHIN } from "./frozen-site.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
/** The 120 days of the example are twenty seconds. */
const PACE = (120 * 86_400) / 20;
/** Without what belongs to users of the old place. */
const OURS = ["--no-owner", "--no-privileges", "--no-comments"];

let site: FrozenSite;
beforeAll(async () => {
  site = await frozenSite(PACE);
});
afterAll(() => site?.close());

describe("a restored backup", () => {
  it("is frozen: dumped, described, restorable by stock pg_restore, and locked against everybody until its time", async () => {
    const begun = await site.take("freeze-start", site.proven("b1"));
    expect(await site.take("freeze-start", site.proven("b1"))).toEqual(begun);
    const done = await site.ended(begun);
    expect([done, site.said()]).toEqual([
      { ...begun, frozen: expect.anything() },
      expect.anything(),
    ]);
    const { frozen } = done as { frozen: Record<string, string | number> };

    const manifest: Manifest = JSON.parse(String(await site.bytesOf("cedar/b1/manifest.json")));
    expect(manifest).toEqual({
      ...{ instance: "cedar", backup: "b1", takenAt: "2026-11-22T03:00:00.000Z" },
      database: "postgres",
      dump: { key: frozen["key"], sha256: frozen["sha256"], bytes: frozen["bytes"] },
      contents: { key: expect.stringMatching(/contents\.txt$/), entries: expect.any(Number) },
      postgres: {
        server: expect.stringMatching(/^15\./),
        dumpedBy: expect.stringMatching(/^\d+\./),
      },
      counts: { "public.orders": ROWS },
      retainUntil: frozen["retainUntil"],
    });
    expect(manifest.contents.entries).toBeGreaterThanOrEqual(2);
    const dump = await site.bytesOf(manifest.dump.key);
    expect(dump).toHaveLength(manifest.dump.bytes);
    expect(createHash("sha256").update(dump).digest("hex")).toBe(manifest.dump.sha256);
    expect(String(await site.bytesOf(manifest.contents.key))).toContain("TABLE DATA public orders");

    await isRestored(dump);
    await yieldsToNobody(manifest);
  });

  async function isRestored(dump: Buffer) {
    const file = join(site.directory, "downloaded.dump");
    writeFileSync(file, dump);
    chmodSync(file, 0o644);
    const { rds } = site.cloud.services;
    await rds.adminQuery(REGION, "restored", "create database elsewhere owner postgres");
    // An old pg_dump does not leave it out; its comment and rights belong to whoever made it.
    await rds.adminQuery(REGION, "restored", "create extension amcheck", [], "elsewhere");
    const { address, port } = rds.server(REGION, "restored");
    const into = ["-h", address, "-p", String(port), "-U", "postgres", "-d", "elsewhere"];
    execFileSync("pg_restore", [...OURS, "--exit-on-error", ...into, file], {
      env: { ...process.env, PGPASSWORD: site.password },
    });
    const sum = "select count(*)::int as rows, max(id) as last from orders";
    const rows = await rds.adminQuery(REGION, "restored", sum, [], "elsewhere");
    expect(rows).toEqual([{ rows: ROWS, last: ROWS }]);
  }

  async function yieldsToNobody({ dump: { key: Key } }: Manifest) {
    const client = site.s3;
    const named = { Bucket: BUCKET, Key };
    const head = await client.send(new HeadObjectCommand(named));
    expect(head).toMatchObject({ ObjectLockMode: "COMPLIANCE", StorageClass: "GLACIER_IR" });
    const { VersionId, ObjectLockRetainUntilDate: until = new Date(0) } = head;
    const bypass = { BypassGovernanceRetention: true };
    const remove = () => client.send(new DeleteObjectCommand({ ...named, VersionId, ...bypass }));
    const soon = { Mode: "COMPLIANCE", RetainUntilDate: new Date() } as const;
    const shorten = { ...named, VersionId, ...bypass, Retention: soon };
    expect(Date.now()).toBeLessThan(until.getTime());
    await expect(remove()).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(client.send(new PutObjectRetentionCommand(shorten))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect.poll(() => Date.now(), WITHIN).toBeGreaterThanOrEqual(until.getTime());
    await remove();
    await expect(client.send(new HeadObjectCommand(named))).rejects.toMatchObject({
      name: "NotFound",
    });
  }

  it("that cannot be dumped leaves no dump behind, and says why", async () => {
    const begun = await site.take(
      "freeze-start",
      site.proven("b2", { databaseName: "nobody-knows-it" }),
    );
    await site.isRefused("b2", begun, /database "nobody-knows-it" does not exist/);
  });

  it("whose dump breaks off halfway leaves none behind either", async () => {
    const { rds } = site.cloud.services;
    await rds.adminQuery(REGION, "restored", "create database half");
    for (const text of [
      `create table a_streamed as select n as id, md5(n::text) as what from generate_series(1, ${100 * ROWS}) n`,
      "create table z_guarded (id int)",
      "alter table z_guarded enable row level security",
      "grant select on all tables in schema public to postgres",
    ]) {
      await rds.adminQuery(REGION, "restored", text, [], "half");
    }
    const begun = await site.take("freeze-start", site.proven("b5", { databaseName: "half" }));
    await site.isRefused("b5", begun, /row-level security policy/);
  });

  it("says what to install where the machine lacks its programs", async () => {
    const path = join(site.directory, "bare");
    mkdirSync(path);
    symlinkSync("/bin/bash", join(path, "bash"));
    vi.stubEnv("PATH", path);
    const failed = await site.ended(await site.take("freeze-start", site.proven("b4")));
    vi.unstubAllEnvs();
    expect(failed).toMatchObject({ name: "FreezeFailed" });
    expect(String(failed)).toMatch(/apt-get install (awscli|postgresql-client-15)/);
  });

  it("is frozen once: a second test of the same backup finds the first one's", async () => {
    const first = await site.ended(await site.take("freeze-start", site.proven("b3")));
    const again = await site.take("freeze-start", site.proven("b3", { name: "rt-later" }));
    expect(again["freezing"]).not.toHaveProperty("task");
    const second = await site.ended(again);
    expect((second as { frozen: unknown }).frozen).toEqual((first as { frozen: unknown }).frozen);
  });
});
