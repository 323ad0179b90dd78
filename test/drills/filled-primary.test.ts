import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { keys } from "../../functions/ledger/contract.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { everyVantageSawHealthy, ledgerOf } from "../../lib/drill/witness.ts";
import type { Roles, Seat } from "../../lib/sla/roles.ts";
import { eventsOf, onStage } from "./rehearsal.ts";

const PACE = 60;
/** RDS makes no smaller volume. */
const GIB = 5;
/** More than a tenth of it. */
const LOG_MB = 620;

const policy = (harbour: string) =>
  harbour.replace(
    "multiAz:",
    "storage: { warnBelowPercent: 90, dropStandbyBelowPercent: 89 }\n    multiAz:",
  );

interface Slot {
  readonly active: boolean;
  readonly bytes: number;
}

describe("a standby that is dead while its primary's storage fills", () => {
  let stage: Stage;
  let primary: Seat;
  let dead: Seat;
  const directory = mkdtempSync(join(tmpdir(), "filled-"));

  beforeAll(async () => {
    const fleet = join(directory, "fleet.yaml");
    writeFileSync(fleet, policy(readFileSync("test/fixtures/harbour-fleet.yaml", "utf8")));
    stage = await onStage(fleet, PACE);
    await everyVantageSawHealthy(stage, () => {});
    const { primary: seat, standby } = await roles();
    if (!standby) throw new Error("tern has no standby");
    [primary, dead] = [seat, standby];
  }, 150_000);
  afterAll(async () => {
    await stage?.close();
    rmSync(directory, { recursive: true });
  });

  async function roles(): Promise<Roles> {
    const all = await Promise.all(
      Object.keys(stage.fleet.sites).map((site) =>
        ledgerOf(stage, site).read<Roles>(keys.roles("tern")),
      ),
    );
    const [newest] = all.flatMap((each) => each ?? []).toSorted((a, b) => b.epoch - a.epoch);
    if (!newest) throw new Error("nobody knows the roles of tern");
    return newest;
  }

  const slots = () =>
    stage.cloud.services.rds.adminQuery(
      primary.region,
      primary.database,
      `select active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 as bytes
        from pg_replication_slots`,
    ) as Promise<unknown> as Promise<Slot[]>;

  const mails = () =>
    eventsOf(stage, "sns", "EmailDelivered").map(({ detail }) => String(detail["subject"]));

  it("is given up, its slot goes, and another streams; nothing else moves", async () => {
    const { rds } = stage.cloud.services;
    rds.allocate(primary.region, primary.database, GIB);
    await rds.kill(dead.region, dead.database);
    for (let written = 0; written < LOG_MB; written += 20) {
      await rds.adminQuery(
        primary.region,
        primary.database,
        "select count(pg_logical_emit_message(false, 'ballast', repeat('x', 1000000))) from generate_series(1, 20)",
      );
    }
    expect(await slots()).toEqual([{ active: false, bytes: expect.any(Number) }]);
    const began = Date.now();

    const now = await vi.waitFor(
      async () => {
        const found = await roles();
        const halted = mails().filter((subject) => /NO NEW STANDBY/.test(subject));
        expect({ epoch: found.epoch, halted }).toEqual({ epoch: 3, halted: [] });
        return found;
      },
      { timeout: 150_000, interval: 200 },
    );
    const mailed = await vi.waitFor(
      () => {
        const sent = mails();
        expect(sent.join("\n")).toMatch(/a new standby streams/);
        return sent;
      },
      { timeout: 30_000, interval: 100 },
    );

    expect(now.primary).toEqual(primary);
    expect(now.standby).toMatchObject({ region: dead.region });
    expect(now.standby?.database).toBe(`${dead.database}-sla2`);
    const kept = await slots();
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ active: true });
    expect(kept[0]?.bytes).toBeLessThan(100 * 2 ** 20);

    const { DBInstances = [] } = await stage.estate.aws
      .rds(dead.region)
      .send(new DescribeDBInstancesCommand({}));
    expect(DBInstances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)).not.toContain(
      dead.database,
    );
    const deletions = eventsOf(stage, "rds", "DeleteDBInstance").map(({ detail }) => detail);
    expect(deletions).toHaveLength(1);
    expect(deletions[0]).toMatchObject({ DBInstanceIdentifier: dead.database });
    expect(eventsOf(stage, "rds", "PromoteReadReplica")).toEqual([]);
    const kinds = (words: RegExp) => mailed.filter((subject) => words.test(subject)).length;
    expect(kinds(/STORAGE FILLS UP/)).toBeGreaterThan(0);
    expect(kinds(/STANDBY GIVEN UP/)).toBeGreaterThan(0);
    console.log(
      JSON.stringify({ seconds: (Date.now() - began) / 1000, kept, deletions: deletions.length }),
    );
  }, 240_000);
});
