import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeDBInstancesCommand, type RDSClient } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MadeLink } from "../../functions/download/links.ts";
import type { RestoreTestRecord } from "../../functions/restore/contract.ts";
import { eventually } from "../../lib/drill/eventually.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import type { BackupView } from "../../lib/operator/backup-view.ts";
import type { TestPlan } from "../../lib/operator/restore-test.ts";
import { onStage } from "../drills/rehearsal.ts";
import { withBackups, withFrozen } from "./harbour-backups.ts";
import { HARBOUR, slaIn } from "./sla.ts";

const PACE = 60;
const LONG = { timeout: 150_000 };
const [HOME, STANDBY, FAR] = ["eu-south-2", "eu-west-1", "eu-west-3"] as const;

describe("restore tests, on a cloud with real databases", () => {
  let stage: Stage;
  let fleet = "";
  let env: Readonly<Record<string, string>> = {};
  const directory = mkdtempSync(join(tmpdir(), "restore-tests-"));
  const sla = (...args: readonly string[]) => slaIn(env, ...args, "--fleet", fleet);

  beforeAll(async () => {
    fleet = join(directory, "fleet.yaml");
    writeFileSync(fleet, withFrozen(withBackups(readFileSync(HARBOUR, "utf8"))));
    stage = await onStage(fleet, PACE);
    // Written once: pages that change while a backup is read come back whole from its log.
    const ballast = "create table ballast as select id from generate_series(1, 2000) id";
    const index = "create unique index ballast_id on ballast (id)";
    for (const text of [ballast, index]) {
      await stage.cloud.services.rds.adminQuery(HOME, "tern-1", text, [], "tern");
    }
    const { credentials } = stage.cloud.ground;
    env = {
      AWS_ENDPOINT_URL: stage.cloud.url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      SLA_PACE: String(PACE),
    };
    await eventually("a backup in every place", 200_000, async () => {
      const [newest] = (await view()).backups;
      const places = [HOME, STANDBY, FAR];
      return places.every((place) => newest?.states[place] === "available") || undefined;
    });
  }, 300_000);
  afterAll(async () => {
    await stage?.close();
    rmSync(directory, { recursive: true });
  });

  const view = async () => {
    const { stdout, stderr } = await sla("backups", "tern", "--json", "--now");
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout) as BackupView;
  };
  const databases = async (region: string) => {
    const rds: RDSClient = stage.estate.aws.rds(region);
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    return DBInstances.map(({ DBInstanceIdentifier = "" }) => DBInstanceIdentifier);
  };

  it("prove a copy in another region, leave nothing behind, and tag it", LONG, async () => {
    const { stdout, exitCode, stderr } = await sla("restore-test", "tern", "--region", FAR);
    expect([exitCode, stderr], stdout).toEqual([0, ""]);
    expect(stdout).toMatch(/✓ its heartbeat is of the time of the backup: \d+ s before it/);
    expect(stdout).toMatch(
      /✓ no table and no index is damaged: \d+ tables read, \d+ indexes checked/,
    );
    expect(stdout).toMatch(/✓ its tables, columns, indexes and constraints .*the\s+same/);
    expect(stdout).toMatch(/PROVEN restored in [\d.]+ s, \d+ rows of \d+ tables read/);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    const { backups } = await view();
    const [proven] = backups;
    expect(proven?.provenIn).toHaveLength(1);
    const place = proven?.provenIn[0] ?? "";
    expect(place).toBe(FAR);
    expect(stdout).toMatch(
      /frozen {2}\d+ KB until \d{4}-\d\d-\d\d:\s+s3:\/\/sla-frozen-222222222222-/,
    );
    expect((await databases(place)).filter((name) => name.startsWith("sla-test-"))).toEqual([]);
  });

  it("are what customers download: their frozen copy has a link", LONG, async () => {
    const { stdout, stderr, exitCode } = await sla("download", "tern", "--json");
    expect([exitCode, stderr]).toEqual([0, ""]);
    const { copy, url, file } = JSON.parse(stdout) as MadeLink;
    const [proven] = (await view()).backups;
    expect(copy.backup).toBe(proven?.id);
    expect(url).toMatch(new RegExp(`^https://.*/d/tern\\.[\\w-]{43}/${file}$`));
    expect(copy.counted?.tables).toBeGreaterThanOrEqual(2);
    const listed = await sla("download", "tern", "--list");
    expect(listed.stdout).toMatch(/open until .* never\s+clicked/s);
    expect(listed.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it(
    "find what was damaged in one place, say so, and go on to believe the others",
    LONG,
    async () => {
      const [{ id = "" } = {}] = (await view()).backups;
      const { rds } = stage.cloud.services;
      await rds.damageSnapshot(FAR, id, "ballast_id", "tern");
      const bad = await sla("restore-test", "tern", "--region", FAR);
      expect(bad.stdout + bad.stderr).toContain("NOT PROVEN");
      expect(bad.exitCode).toBe(1);
      expect((await databases(FAR)).filter((name) => name.startsWith("sla-test-"))).toEqual([]);
      const { troubles } = await view();
      expect(troubles).toMatchObject([{ kind: "restore-test-failed", region: FAR }]);
      const last = await sla("restore-test", "tern", "--last", "--json");
      const { records } = JSON.parse(last.stdout) as { records: RestoreTestRecord[] };
      expect(records[0]).toMatchObject({ region: FAR, ok: false, trigger: "person" });
      const good = await sla("restore-test", "tern", "--region", HOME, "--json");
      expect(JSON.parse(good.stdout)).toMatchObject({ region: HOME, ok: true, backup: id });
    },
  );

  it("say what they have begun where nobody waits for the end", LONG, async () => {
    const { stdout } = await sla("restore-test", "tern", "--region", HOME, "--detach", "--json");
    const { name, region } = JSON.parse(stdout) as TestPlan;
    expect([name, region]).toEqual([expect.stringMatching(/^rt-\d{17}-sla-tern-/), HOME]);
    const again = await sla("restore-test", "tern", "--last", "--json");
    expect(JSON.parse(again.stdout)).toHaveProperty("records");
  });

  it.each([
    [
      ["restore-test", "tern", "--region", "eu-north-1"],
      /'eu-north-1' is no place of tern: it has/,
    ],
    [["restore-test", "tern", "--backup", "nightly"], /tern has no 'nightly'; it has sla-tern-/],
    [["restore-test", "gull"], /gull: its plan 'skiff' sells no backups/],
    [["restore-test", "tern", "--last", "--detach"], /--last tests nothing/],
  ])("refuses %j in one line", LONG, async (args, said) => {
    const { exitCode, stderr, stdout } = await sla(...args);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(said);
    expect(stderr.trimEnd().split("\n").length).toBe(1);
  });
});
