import {
  CreateDBSnapshotCommand,
  DeleteDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it, vi } from "vitest";
import { ledgerOf } from "../../lib/drill/witness.ts";
import type { BackupView } from "../../lib/operator/backup-view.ts";
import { backupId, tagsOf } from "../../lib/sla/backups/catalogue.ts";
import { eventsOf } from "../drills/rehearsal.ts";
import { withBackups } from "./harbour-backups.ts";
import { onHarbour } from "./on-harbour.ts";

const LONG = { timeout: 240_000 };
const [HOME, STANDBY, FAR] = ["eu-south-2", "eu-west-1", "eu-west-3"] as const;
const PLACES = [HOME, STANDBY, FAR];

describe("backups, on a cloud with real databases", () => {
  const harbour = onHarbour(withBackups);
  const { sla } = harbour;
  const rds = (region: string) => harbour.stage.estate.aws.rds(region);

  const view = async () => {
    const { stdout, stderr } = await sla("backups", "tern", "--json", "--now");
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout) as BackupView;
  };
  /** What cannot be said for a moment, because no ledger knows the roles yet, is asked again. */
  const until = async (what: string, holds: (view: BackupView) => boolean) => {
    let last = "nothing";
    const seen = vi.waitUntil(
      async () => {
        const found = await view().catch((cause: Error) => cause.message);
        last = JSON.stringify(found);
        return typeof found !== "string" && found.silent.length === 0 && holds(found) && found;
      },
      { timeout: 180_000, interval: 500 },
    );
    return seen.catch((cause: unknown) => {
      throw new Error(`${what}: ${last}`, { cause });
    });
  };
  const isEverywhere = ({ backups: [newest] }: BackupView) =>
    PLACES.every((place) => newest?.states[place] === "available");

  it("are taken at once and lie in every place, which says why each is kept", LONG, async () => {
    const { backups, troubles } = await until("everywhere", isEverywhere);
    expect(backups).toHaveLength(1);
    expect(backups[0]).toMatchObject({ schedules: ["daily"], isHeld: false });
    expect(troubles).toEqual([]);
    const { stdout, exitCode } = await sla("backups", "tern");
    expect(exitCode).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toBe("tern, plan tug: primary tern-1 in eu-south-2, times of Europe/Lisbon");
    expect(lines[2]).toMatch(/^ {2}\d{4}-\d\d-\d\d \d\d:\d\d +yes +yes +yes +schedule daily/);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const deeds = await ledgerOf(harbour.stage, FAR).keys("backups/");
    expect(deeds.length).toBeGreaterThan(0);
  });

  it("come back from another region with the rows they were taken with", LONG, async () => {
    const [id = ""] = (await view()).backups.map((each) => each.id);
    await rds(FAR).send(
      new RestoreDBInstanceFromDBSnapshotCommand({
        DBInstanceIdentifier: "tern-again",
        DBSnapshotIdentifier: id,
        VpcSecurityGroupIds: ["sg-h3"],
      }),
    );
    await vi.waitUntil(
      async () => {
        const asked = new DescribeDBInstancesCommand({ DBInstanceIdentifier: "tern-again" });
        const { DBInstances = [] } = await rds(FAR).send(asked);
        return DBInstances[0]?.DBInstanceStatus === "available";
      },
      { timeout: 60_000, interval: 200 },
    );
    const [beat] = await harbour.stage.cloud.services.rds.adminQuery(
      FAR,
      "tern-again",
      "select count(*)::int as beats from hosting_sla.heartbeat",
      [],
      "tern",
    );
    expect(beat).toEqual({ beats: 1 });
  });

  it("go once no promise needs them, and what is not ours stays", LONG, async () => {
    const [now] = (await view()).backups;
    const old = Date.parse(now?.takenAt ?? "") - 24 * 3_600_000;
    const id = backupId("tern", old);
    const tags = tagsOf({ instance: "tern", schedules: ["daily"], tickMs: old });
    const take = (DBSnapshotIdentifier: string, Tags: { Key: string; Value: string }[]) =>
      rds(HOME).send(
        new CreateDBSnapshotCommand({
          ...{ DBSnapshotIdentifier, Tags, DBInstanceIdentifier: "tern-1" },
        }),
      );
    await take("by-hand", []);
    await until("the primary is free", ({ backups }) => backups.length === 1);
    await vi.waitUntil(
      () =>
        take(
          id,
          Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        ).then(
          () => true,
          () => false,
        ),
      { timeout: 60_000, interval: 500 },
    );
    await until("one too many", ({ backups }) => backups.some((each) => each.id === id));
    // It holds newer rows, so the other goes; but today has none then: it is taken again, and now the old one is spare.
    const isNew = ([first, ...more]: BackupView["backups"]) =>
      more.length === 0 && first?.id === now?.id && first?.takenAt !== now?.takenAt;
    await until("a new one is left", (seen) => isNew(seen.backups) && isEverywhere(seen));
    const { DBSnapshots = [] } = await rds(HOME).send(
      new DescribeDBSnapshotsCommand({ SnapshotType: "manual" }),
    );
    expect(DBSnapshots.map((each) => each.DBSnapshotIdentifier)).toEqual(["by-hand", now?.id]);
  });

  it("are copied again where one was deleted by hand, from what is left", LONG, async () => {
    const [id = ""] = (await view()).backups.map((each) => each.id);
    const copies = () => eventsOf(harbour.stage, "rds", "CopyDBSnapshot").length;
    const before = copies();
    for (const region of [HOME, FAR]) {
      await rds(region).send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id }));
    }
    await until("copied anew", () => copies() >= before + 2);
    const { backups } = await until("everywhere again", isEverywhere);
    expect(backups.map((each) => each.id)).toEqual([id]);
  });

  it("are told as troubled when a key is disabled, and as well again", LONG, async () => {
    const { rds: cloud } = harbour.stage.cloud.services;
    const [id = ""] = (await view()).backups.map((each) => each.id);
    cloud.disableKey(FAR, "alias/sla-backups");
    await rds(FAR).send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id }));
    const { troubles } = await until("told", (seen) => seen.troubles.length > 0);
    expect(troubles[0]).toMatchObject({ kind: "refused", region: FAR, instance: "tern" });
    expect(troubles[0]?.detail).toContain("KMSKeyNotAccessibleFault");
    const { exitCode, stdout } = await sla("backups", "tern");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("WRONG");
    cloud.enableKey(FAR, "alias/sla-backups");
    await until("well", (seen) => seen.troubles.length === 0 && isEverywhere(seen));
  });

  it.each([
    [["backups", "term"], /the fleet has no 'term'; it has tern, gull/],
    [["backups", "gull"], /gull: its plan 'skiff' sells no backups/],
    [["backups", "tern", "--allow-deletions", "0", "--reason", "x"], /--allow-deletions: '0'/],
    [["backups", "tern", "--allow-deletions", "5"], /go together/],
  ])("refuses %j in one line", LONG, async (args, said) => {
    const { exitCode, stderr, stdout } = await sla(...args);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(said);
    expect(stderr.trimEnd().split("\n").length).toBe(1);
  });
});
