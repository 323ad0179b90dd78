import {
  AddTagsToResourceCommand,
  DeleteDBInstanceAutomatedBackupCommand,
  StartDBInstanceAutomatedBackupsReplicationCommand,
  type StartDBInstanceAutomatedBackupsReplicationCommandInput,
  StopDBInstanceAutomatedBackupsReplicationCommand,
} from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { automatedOf } from "./automated.ts";
import { backupsOf, WITHIN } from "./backups.ts";
import { type Cloud, HOME, STANDBY, startCloud } from "./cloud.ts";

const KEY = `arn:aws:kms:${STANDBY}:111111111111:key/1234abcd`;
vi.setConfig({ testTimeout: 120_000 });
let cloud: Cloud;
let backups: ReturnType<typeof backupsOf>;
let all: ReturnType<typeof automatedOf>;
let arn: string;
beforeAll(async () => {
  cloud = await startCloud({ keepsBackups: true, pace: 300 });
  backups = backupsOf(cloud);
  all = automatedOf(cloud);
  const encrypted = { StorageEncrypted: true, BackupRetentionPeriod: 1 };
  ({ DBInstanceArn: arn = "" } = await backups.create("acme-db", encrypted));
});
afterAll(() => cloud.close());

const start = (
  input: Partial<StartDBInstanceAutomatedBackupsReplicationCommandInput> = {},
  region = STANDBY,
) =>
  cloud.client(region).send(
    new StartDBInstanceAutomatedBackupsReplicationCommand({
      SourceDBInstanceArn: arn,
      KmsKeyId: KEY,
      ...input,
    }),
  );

const copy = async () => (await all.automated({}, STANDBY))[0] ?? {};

/** Waits until the copy can be restored to a moment. */
const arrives = (at: Date) =>
  vi.waitFor(async () => {
    const found = await copy();
    expect(Number(found.RestoreWindow?.LatestTime ?? 0)).toBeGreaterThan(Number(at));
    return found;
  }, WITHIN);

describe("replicated automated backups", () => {
  it.for([
    ["an encrypted instance without a key", { KmsKeyId: undefined }, "InvalidParameterCombination"],
    [
      "a key of the source's region",
      { KmsKeyId: `arn:aws:kms:${HOME}:1:key/a` },
      "KMSKeyNotAccessibleFault",
    ],
    ["a retention of 0", { BackupRetentionPeriod: 0 }, "InvalidParameterValue"],
    [
      "an instance nobody knows",
      { SourceDBInstanceArn: `arn:aws:rds:${HOME}:1:db:none` },
      "DBInstanceNotFoundFault",
    ],
  ] as const)("are refused of %s", async ([, input, name]) => {
    await expect(start(input)).rejects.toMatchObject({ name });
  });

  it("are refused within their own region", async () => {
    await expect(start({}, HOME)).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });

  it("follow, with a window of their own", async () => {
    const { DBInstanceAutomatedBackup } = await start({
      BackupRetentionPeriod: 3,
      Tags: [{ Key: "sla", Value: "acme" }],
    });
    expect(DBInstanceAutomatedBackup).toMatchObject({ Status: "pending", KmsKeyId: KEY });
    await expect(start()).rejects.toMatchObject({
      name: "InvalidDBInstanceAutomatedBackupStateFault",
    });
    await all.query("acme-db", "create table t as select g as id from generate_series(1, 2000) g");
    const written = await all.now("acme-db");
    const found = await arrives(written);
    expect(found).toMatchObject({
      Status: "replicating",
      Region: HOME,
      DBInstanceArn: arn,
      BackupRetentionPeriod: 3,
      TagList: [{ Key: "sla", Value: "acme" }],
    });
    const ResourceName = found.DBInstanceAutomatedBackupsArn;
    const tag = { ResourceName, Tags: [{ Key: "more", Value: "1" }] };
    await cloud.client(STANDBY).send(new AddTagsToResourceCommand(tag));
    expect((await copy()).TagList).toHaveLength(2);
    const original = { DBInstanceAutomatedBackupsArn: found.DBInstanceAutomatedBackupsArn };
    for (const one of [...(await all.automated()), await backups.instance(HOME, "acme-db")]) {
      expect(one.DBInstanceAutomatedBackupsReplications).toEqual([original]);
    }
  });

  it("fall behind while their key is disabled or a region is cut off, and catch up", async () => {
    const obstacles = [
      [() => cloud.rds.disableKey(STANDBY, KEY), () => cloud.rds.enableKey(STANDBY, KEY)],
      [() => cloud.rds.cutOff(HOME), () => cloud.rds.reconnect(HOME)],
    ] as const;
    for (const [begin, end] of obstacles) {
      begin();
      const begun = await all.now("acme-db");
      await all.reaches("acme-db", begun);
      await all.reaches("acme-db", new Date());
      const { RestoreWindow } = await copy();
      expect(Number(RestoreWindow?.LatestTime)).toBeLessThan(Number(begun) + 1);
      end();
      await arrives(new Date());
    }
  });

  it("survive their region, as far as they were shipped and no further", async () => {
    await all.query("acme-db", "insert into t values (0)");
    await arrives(await all.now("acme-db"));
    cloud.rds.cutOff(HOME);
    await all.query("acme-db", "insert into t values (-1)");
    await cloud.rds.kill(HOME, "acme-db");
    const { DBInstanceAutomatedBackupsArn: SourceDBInstanceAutomatedBackupsArn } = await copy();
    const source = { SourceDBInstanceAutomatedBackupsArn, UseLatestRestorableTime: true };
    await all.restore("saved", source, STANDBY);
    const text = "select count(*)::int, min(id) from t";
    await expect(all.query("saved", text, STANDBY)).resolves.toEqual([{ count: 2001, min: 0 }]);
    const elsewhere = { KmsKeyId: "alias/backups" };
    await expect(start(elsewhere, "eu-north-1")).rejects.toThrow(`${HOME} does not answer`);
  });

  it("are retained when they are stopped, and can be deleted then", async () => {
    const { DBInstanceAutomatedBackupsArn } = await copy();
    const remove = () =>
      cloud
        .client(STANDBY)
        .send(new DeleteDBInstanceAutomatedBackupCommand({ DBInstanceAutomatedBackupsArn }));
    await expect(remove()).rejects.toMatchObject({
      name: "InvalidDBInstanceAutomatedBackupStateFault",
    });
    const stop = new StopDBInstanceAutomatedBackupsReplicationCommand({ SourceDBInstanceArn: arn });
    await cloud.client(STANDBY).send(stop);
    await expect(copy()).resolves.toMatchObject({ Status: "retained" });
    await expect(cloud.client(STANDBY).send(stop)).rejects.toMatchObject({
      name: "InvalidDBInstanceStateFault",
    });
    await remove();
    await expect(all.automated({}, STANDBY)).resolves.toEqual([]);
  });
});
