import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  RestoreDBInstanceToPointInTimeCommand,
  StopDBInstanceAutomatedBackupsReplicationCommand,
} from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Stage } from "../../lib/drill/stage.ts";
import type { BackupView } from "../../lib/operator/backup-view.ts";
import { eventsOf, onStage } from "../drills/rehearsal.ts";
import { HARBOUR, slaIn } from "./sla.ts";

const PACE = 60;
const LONG = { timeout: 120_000 };
const [HOME, FAR] = ["eu-west-1", "eu-west-3"] as const;
const ARN = `arn:aws:rds:${HOME}:555555555555:db:gull-1`;

/** The harbour, where a lost region may cost the gull less than its daily backups give. */
const withLogs = (harbour: string) =>
  harbour
    .replace(
      "    serverLoss: { rpoSeconds: 24h, rtoSeconds: 3h }\n",
      `$&    siteLoss: { rpoSeconds: 24h, rtoSeconds: 24h, includesDns: true }
    backups: { contents: [database], schedules: [{ every: 1d, keepNewest: 1 }] }
`,
    )
    .replace("    home: eu-west-1\n", "    home: eu-west-1\n    copies: [eu-west-3]\n");

describe("replicated logs, on a cloud with real databases", () => {
  let stage: Stage;
  let fleet = "";
  let env: Readonly<Record<string, string>> = {};
  const directory = mkdtempSync(join(tmpdir(), "logs-"));
  const sla = (...args: readonly string[]) => slaIn(env, ...args, "--fleet", fleet);
  const far = () => stage.estate.aws.rds(FAR);

  beforeAll(async () => {
    fleet = join(directory, "fleet.yaml");
    writeFileSync(fleet, withLogs(readFileSync(HARBOUR, "utf8")));
    stage = await onStage(fleet, PACE, { keepsBackups: true });
    const { credentials } = stage.cloud.ground;
    env = {
      AWS_ENDPOINT_URL: stage.cloud.url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      SLA_PACE: String(PACE),
    };
  }, 150_000);
  afterAll(async () => {
    await stage?.close();
    rmSync(directory, { recursive: true });
  });

  /** What cannot be said for a moment, because no ledger knows the roles yet, is asked again. */
  const until = async (what: string, holds: (view: BackupView) => boolean) => {
    let last = "nothing";
    const seen = vi.waitUntil(
      async () => {
        const { stdout, stderr } = await sla("backups", "gull", "--json", "--now");
        last = stdout || stderr;
        const view = stdout === "" ? undefined : (JSON.parse(stdout) as BackupView);
        return view && holds(view) && view;
      },
      { timeout: 90_000, interval: 500 },
    );
    return seen.catch((cause: unknown) => {
      throw new Error(`${what}: ${last}`, { cause });
    });
  };
  const shown = async () => {
    const { DBInstanceAutomatedBackups = [] } = await far().send(
      new DescribeDBInstanceAutomatedBackupsCommand({}),
    );
    // What is restored there keeps backups of its own.
    return DBInstanceAutomatedBackups.filter(({ DBInstanceArn }) => DBInstanceArn === ARN);
  };
  const isRestorable = ({ logs: [first] }: BackupView) => first?.lossSeconds !== undefined;

  it(
    "reach another region, where they say what losing the home would have cost",
    LONG,
    async () => {
      const { logs, troubles } = await until("restorable", isRestorable);
      expect(logs).toMatchObject([{ from: HOME, to: FAR }]);
      // Logs are uploaded every five minutes, of which a minute takes a second here.
      expect(logs[0]?.lossSeconds).toBeLessThan(60);
      expect(troubles).toEqual([]);
      expect(await shown()).toMatchObject([
        { Status: "replicating", BackupRetentionPeriod: 8, KmsKeyId: "alias/sla-backups" },
      ]);
      const { stdout, exitCode } = await sla("backups", "gull");
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^ {2}logs {2}replicated to eu-west-3 up to .* behind$/m);
    },
  );

  it("give the database back there, as it was a moment ago", LONG, async () => {
    const [copy] = await shown();
    await far().send(
      new RestoreDBInstanceToPointInTimeCommand({
        SourceDBInstanceAutomatedBackupsArn: copy?.DBInstanceAutomatedBackupsArn,
        TargetDBInstanceIdentifier: "gull-again",
        UseLatestRestorableTime: true,
        VpcSecurityGroupIds: ["sg-h3"],
      }),
    );
    const asked = new DescribeDBInstancesCommand({ DBInstanceIdentifier: "gull-again" });
    await vi.waitUntil(
      async () => {
        const { DBInstances = [] } = await far().send(asked);
        return DBInstances[0]?.DBInstanceStatus === "available";
      },
      { timeout: 90_000, interval: 200 },
    );
    const beats = "select count(*)::int as beats from hosting_sla.heartbeat";
    const query = [FAR, "gull-again", beats, [], "gull"] as const;
    const [beat] = await stage.cloud.services.rds.adminQuery(...query);
    expect(beat).toEqual({ beats: 1 });
  });

  it(
    "begin to be replicated anew when RDS has ended that, and what has arrived stays",
    LONG,
    async () => {
      const stop = new StopDBInstanceAutomatedBackupsReplicationCommand({
        SourceDBInstanceArn: ARN,
      });
      await far().send(stop);
      await until("restorable again", isRestorable);
      expect((await shown()).map(({ Status }) => Status).toSorted()).toEqual([
        "replicating",
        "retained",
      ]);
      const starts = eventsOf(stage, "rds", "StartDBInstanceAutomatedBackupsReplication");
      // Two passes at once both ask: RDS tells the second that it is under way.
      expect(starts.length).toBeGreaterThanOrEqual(2);
    },
  );
});
