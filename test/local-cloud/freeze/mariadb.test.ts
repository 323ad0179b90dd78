import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { FreezeCase, Manifest } from "../../../functions/freeze/contract.ts";
import { mariadbBinaries, WITHOUT_MARIADB } from "../../../lib/local-cloud/mariadb/binaries.ts";
import { Gate } from "../../../lib/local-cloud/network/gate.ts";
import { BUCKET, type FrozenSite, frozenSite, REGION, ROWS, withMariadb } from "./frozen-site.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
const PACE = 60;
const run = promisify(execFile);

const hasMariadb = (await mariadbBinaries()) !== undefined;
if (!hasMariadb) console.log(`frozen copies of MariaDB: skipped, ${WITHOUT_MARIADB}`);

describe.skipIf(!hasMariadb)("a restored backup of MariaDB", () => {
  let site: FrozenSite;
  beforeAll(async () => {
    site = await frozenSite(PACE, withMariadb);
  });
  afterAll(() => site?.close());

  const ask = (text: string) => site.cloud.services.rds.adminQuery(REGION, "restored", text);

  it("is frozen: dumped, described and locked, and mariadb makes of it what was there", async () => {
    const before = await sumOf();
    const done = await site.ended(await site.take("freeze-start", site.proven("b1")));
    expect([done, site.said()]).toEqual([
      expect.objectContaining({ frozen: expect.anything() }),
      expect.anything(),
    ]);
    const { frozen } = done as { frozen: Record<string, string | number> };
    const manifest: Manifest = JSON.parse(String(await site.bytesOf("cedar/b1/manifest.json")));
    const versions = expect.stringMatching(/^\d+\.\d+\.\d+-MariaDB/);
    expect(manifest).toEqual({
      ...{ instance: "cedar", backup: "b1", takenAt: "2026-11-22T03:00:00.000Z" },
      database: "shop",
      dump: { key: frozen["key"], sha256: frozen["sha256"], bytes: frozen["bytes"] },
      contents: { key: expect.stringMatching(/contents\.txt$/), entries: 6 },
      mariadb: { server: versions, dumpedBy: versions },
      untransacted: ["`shop`.`odd ``name```"],
      counts: { "`shop`.`orders`": ROWS },
      retainUntil: frozen["retainUntil"],
    });
    const dump = await site.bytesOf(manifest.dump.key);
    expect(createHash("sha256").update(dump).digest("hex")).toBe(manifest.dump.sha256);
    const locked = { Bucket: BUCKET, Key: manifest.dump.key };
    expect(await site.s3.send(new HeadObjectCommand(locked))).toMatchObject({
      ...{ ObjectLockMode: "COMPLIANCE", StorageClass: "GLACIER_IR" },
    });
    await restore(dump);
    expect(await sumOf()).toEqual(before);
  });

  /** Checksums of what is there, by the words of the server. */
  async function sumOf() {
    const tables = "shop.orders, shop.`odd ``name```, shop.log, hosting_sla.heartbeat";
    return [
      await ask(`checksum table ${tables} extended`),
      await ask("select id, shop.twice(id) as twice from shop.newest"),
      await ask("select trigger_name from information_schema.triggers"),
      await ask("select event_name from information_schema.events"),
      await ask("select sum(crc32(said)) as said, max(said) as one from shop.orders"),
    ];
  }

  /** As whoever holds the dump does, on a server that has nothing of it. */
  async function restore(dump: Buffer) {
    for (const database of ["shop", "hosting_sla"]) await ask(`drop database ${database}`);
    const file = join(site.directory, "cedar.sql.gz");
    writeFileSync(file, dump);
    const { address, port } = site.cloud.services.rds.server(REGION, "restored");
    const client = `mariadb -h ${address} -P ${port} -u admin`;
    await run("bash", ["-c", `set -o pipefail; gunzip -c ${file} | ${client}`], {
      env: { ...process.env, MYSQL_PWD: site.password },
    });
  }

  it("is not dumped, nor told the password, where somebody else stands in its place", async () => {
    const { dns, addresses } = site.cloud.ground;
    const host = "restored.elsewhere.example";
    const address = addresses.next(host);
    const target = site.cloud.services.rds.server(REGION, "restored");
    const between = await Gate.open({ address, port: 3306, target, label: host });
    dns.set(host, address, 60);
    await isRefused("b4", /Validation of SSL server certificate failed/, {
      endpoint: { host, port: 3306 },
    });
    await between.close();
  });

  it("that cannot be dumped to its end leaves no dump behind, and says why", async () => {
    await ask("create table shop.z_gone (id int)");
    await ask("create view shop.z_broken as select id from shop.z_gone");
    await ask("drop table shop.z_gone");
    await isRefused("b2", /z_broken/);
    await ask("drop view shop.z_broken");
  });

  it("whose dump lacks what was proven is none", async () => {
    const counts = { "`shop`.`orders`": ROWS, "`shop`.`more`": 3 };
    const begun = await site.take("freeze-start", site.proven("b3", { counts }));
    const failed = await site.ended(begun);
    expect(failed).toMatchObject({ name: "FreezeFailed" });
    expect(String(failed)).toContain("lacks 1 of the tables that were proven: `shop`.`more`");
  });

  const isRefused = async (backup: string, why: RegExp, more: Partial<FreezeCase> = {}) =>
    site.isRefused(backup, await site.take("freeze-start", site.proven(backup, more)), why);
});
