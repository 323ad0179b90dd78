import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DescribeDBSnapshotsCommand, type RDSClient } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MadeLink } from "../../functions/download/links.ts";
import { eventually } from "../../lib/drill/eventually.ts";
import type { Stage } from "../../lib/drill/stage.ts";

import type { FleetStatus } from "../../lib/operator/fleet-status.ts";
import type { FreshAsked, FreshKnown } from "../../lib/operator/fresh-ask.ts";
import type { Remains } from "../../lib/operator/remains.ts";
import { onStage } from "../drills/rehearsal.ts";
import { fetched } from "./fetched.ts";
import { withBackups, withFrozen } from "./harbour-backups.ts";
import { HARBOUR, Sla, slaIn } from "./sla.ts";

const PACE = 60;
const LONG = { timeout: 240_000 };
const [HOME, FAR] = ["eu-south-2", "eu-west-3"] as const;
const run = promisify(execFile);

describe("a fresh dump, and leaving with one, on a cloud with real databases", () => {
  let stage: Stage;
  let fleet = "";
  let env: Readonly<Record<string, string>> = {};
  const directory = mkdtempSync(join(tmpdir(), "fresh-dump-"));
  const sla = (...args: readonly string[]) => slaIn(env, ...args, "--fleet", fleet);

  beforeAll(async () => {
    fleet = join(directory, "fleet.yaml");
    writeFileSync(fleet, withFrozen(withBackups(readFileSync(HARBOUR, "utf8"))));
    stage = await onStage(fleet, PACE);
    const { credentials } = stage.cloud.ground;
    env = {
      AWS_ENDPOINT_URL: stage.cloud.url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      SLA_PACE: String(PACE),
    };
    // By then the cloud has settled.
    await eventually("a backup that was sold", 200_000, async () => {
      await sla("backups", "tern", "--now");
      return (await snapshots(FAR)).length > 0 || undefined;
    });
  }, 300_000);
  afterAll(async () => {
    await stage?.close();
    rmSync(directory, { recursive: true });
  });

  const query = (text: string) =>
    stage.cloud.services.rds.adminQuery(HOME, "tern-1", text, [], "tern");
  const snapshots = async (region: string) => {
    const rds: RDSClient = stage.estate.aws.rds(region);
    const { DBSnapshots = [] } = await rds.send(new DescribeDBSnapshotsCommand({}));
    return DBSnapshots.map(({ DBSnapshotIdentifier = "" }) => DBSnapshotIdentifier);
  };
  /** As a customer fetches it and looks what is in it. */
  async function contentsOf({ url }: MadeLink): Promise<string> {
    const file = await fetched(stage, url, join(directory, "fetched.dump"));
    return (await run("pg_restore", ["--list", file])).stdout;
  }

  it(
    "holds what was written a moment before, and whoever asks meanwhile gets the same",
    LONG,
    async () => {
      await query("create table written_just_now as select 1 as id");
      const first = new Sla(["download", "tern", "--fresh", "--fleet", fleet], env);
      await first.until("a backup for it", () => first.stdout.includes("Take"));
      const listed = await sla("download", "tern", "--list", "--json");
      const { fresh } = JSON.parse(listed.stdout) as { fresh: FreshKnown };
      expect(fresh.request.instance).toBe("tern");
      const second = await sla("download", "tern", "--fresh", "--json");
      expect([second.exitCode, second.stderr]).toEqual([0, ""]);
      const made = JSON.parse(second.stdout) as MadeLink & { fresh: FreshAsked };
      expect(made.fresh).toMatchObject({ isJoined: true, region: FAR, request: fresh.request });
      expect([await first.exitCode, first.stderr], first.stdout).toEqual([0, ""]);
      expect(first.stdout).toContain(`(${made.copy.backup})`);
      expect(await contentsOf(made)).toContain("written_just_now");
      const lines = first.stdout
        .split("\n")
        .filter((line) => !/https:|SHA|sha256|curl|pg_restore/.test(line));
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      // What lasts shorter than a look goes unseen.
      for (const state of ["Take", "Done"]) {
        expect(first.stdout).toMatch(new RegExp(`\\+[\\d.]+ s {2}${state} `));
      }
      await first.end();
    },
  );

  it(
    "is counted as none of those that were sold, and is copied to no other place",
    LONG,
    async () => {
      const { stdout } = await sla("backups", "tern", "--json", "--now");
      const { backups } = JSON.parse(stdout) as {
        backups: { id: string; schedules: string[]; states: object }[];
      };
      const [fresh] = backups.filter(({ schedules }) => schedules.includes("fresh"));
      expect(Object.keys(fresh?.states ?? {}).toSorted()).toEqual([HOME, FAR]);
      expect(await snapshots("eu-west-1")).not.toContain(fresh?.id);
    },
  );

  it("goes on where nobody waits for it", LONG, async () => {
    const { stdout } = await sla("download", "tern", "--fresh", "--detach", "--json");
    const { fresh } = JSON.parse(stdout) as { fresh: FreshAsked };
    const { request, isJoined } = fresh;
    expect(isJoined).toBe(false);
    expect(request.askedAt).not.toMatch(/:00\.000Z$/);
    const stamp = request.askedAt.slice(0, 19).replaceAll(/[-:]/g, "").toLowerCase();
    const id = `sla-tern-${stamp}z`;
    await expect.poll(() => snapshots(FAR), { timeout: 120_000, interval: 1000 }).toContain(id);
    await expect
      .poll(async () => JSON.stringify(await sla("download", "tern", "--list", "--json")), {
        timeout: 120_000,
        interval: 2000,
      })
      .toContain(`"backup":"${id}`.replaceAll('"', '\\"'));
  });

  it(
    "is the last word of whoever leaves, of whom nothing is looked after, and nothing deleted",
    LONG,
    async () => {
      const before = await snapshots(HOME);
      const outlook = await sla("leave", "tern", "--reason", "moves to another provider");
      expect([outlook.exitCode, outlook.stderr]).toEqual([0, ""]);
      expect(outlook.stdout).toContain("Nothing is changed.");
      const { stdout, stderr, exitCode } = await sla(
        "leave",
        "tern",
        "--reason",
        "moves",
        "--yes",
        "--json",
      );
      expect([exitCode, stderr]).toEqual([0, ""]);
      const told = JSON.parse(stdout) as Remains & { left: true; link: MadeLink; untold: string[] };
      expect(told).toMatchObject({ instance: "tern", left: true, untold: [] });
      expect(await contentsOf(told.link)).toContain("written_just_now");
      expect(told.frozen.map(({ backup }) => backup)).toContain(told.link.copy.backup);
      const status = await sla("status", "--json");
      const { instances } = JSON.parse(status.stdout) as FleetStatus;
      const tern = instances.find(({ instance }) => instance === "tern");
      expect(tern?.roles?.leftAt).toBeDefined();
      expect(tern?.needs).toEqual([]);
      await sla("backups", "tern", "--now");
      // Those that were made for downloads are no last word: it has one of its own.
      const last = told.link.copy.backup;
      expect(before).not.toContain(last);
      expect(await snapshots(HOME)).toEqual([...before, last].toSorted());
      const again = await sla("leave", "tern", "--reason", "once more", "--yes");
      expect([again.exitCode, again.stdout]).toEqual([1, ""]);
      expect(again.stderr).toMatch(/^sla: tern: it left at .* already; --undo takes that back\n$/);
      expect((await sla("failover", "tern", "--reason", "x", "--dry-run")).stderr).toMatch(
        /it left at/,
      );
      const back = await sla("leave", "tern", "--reason", "stays", "--undo", "--yes");
      expect([back.exitCode, back.stderr]).toEqual([0, ""]);
      await expect
        .poll(async () => (await sla("status")).stdout, { timeout: 60_000, interval: 1000 })
        .toMatch(/tern \(.*\): up/);
    },
  );

  it.each([
    [
      ["leave", "gull", "--reason", "x"],
      /gull: its plan 'skiff' sells neither frozen copies nor downloads/,
      1,
    ],
    [["leave", "tern", "--reason", "x", "--yes", "--dry-run"], /--yes and --dry-run/, 2],
    [["leave", "tern", "--reason", "x", "--undo", "--without-export"], /--undo makes no dump/, 2],
    [["leave", "tern", "--yes"], /--reason: say why/, 2],
    [["download", "tern", "--detach"], /--detach: give it with --fresh/, 2],
    [["download", "tern", "--fresh", "--list"], /--fresh and --to are for a new link/, 2],
    [["download", "tern", "--fresh", "--backup", "b"], /--fresh and --backup/, 2],
    [
      ["download", "gull", "--fresh"],
      /plan 'skiff' of gull sells neither frozen copies nor downloads/,
      2,
    ],
  ])("refuses %j in one line", LONG, async (args, said, code) => {
    const { exitCode, stderr, stdout } = await sla(...args);
    expect([exitCode, stdout]).toEqual([code, ""]);
    expect(stderr).toMatch(said);
  });
});
