import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { rdsAutomatedBackups } from "../../../functions/aws/rds-automated.ts";
import { rdsRecoveries } from "../../../functions/aws/rds-recoveries.ts";
import { rdsRestores } from "../../../functions/aws/rds-restores.ts";
import {
  rdsCopying,
  rdsRemoving,
  rdsTaking,
  rdsTestShelf,
} from "../../../functions/aws/rds-shelf.ts";
import { rdsShipping } from "../../../functions/aws/rds-shipping.ts";
import { rdsSnapshots } from "../../../functions/aws/rds-snapshots.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import { BACKUP_KEY } from "../../../functions/reconcile/contract.ts";
import { ACCOUNT, type Case, ELSEWHERE, HERE } from "./case.ts";
import { atStatus, networkIn, primary, subnetGroup, until } from "./ground.ts";

const here = { account: ACCOUNT, region: HERE };
const there = { account: ACCOUNT, region: ELSEWHERE };
const password = { read: async () => JSON.stringify({ password: "another-horse" }) };

const found = (clock: Clock, region: string, name: string) => async () =>
  (await rdsSnapshots(clock).list(region)).find(({ id }) => id === name);

let shelved: Promise<unknown> | undefined;

/** A backup of the database that is there for it alone, as soon as it can be used. */
async function taken(clock: Clock, id: string) {
  const database = "of-the-shelf";
  shelved ??= primary(clock, database);
  await shelved;
  const answer = await rdsTaking(clock, here).take({ id, database, tags: { "sla:tick": "t" } });
  const seen = await until(clock, found(clock, HERE, id), (each) => each?.status === "available");
  return { answer, seen, database };
}

/** The key of copies, by its alias. */
async function backupKey(region: string): Promise<void> {
  const client = new KMSClient({ region });
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  const TargetKeyId = KeyMetadata?.KeyId ?? "";
  await client
    .send(new CreateAliasCommand({ AliasName: BACKUP_KEY, TargetKeyId }))
    .catch((cause: Error) => {
      if (cause.name !== "AlreadyExistsException") throw cause;
    });
}

/** And its copy in the other region. */
async function copied(clock: Clock, id: string) {
  await backupKey(ELSEWHERE);
  const { seen: source } = await taken(clock, id);
  const { copy } = rdsCopying(clock, there);
  const order = { id, from: HERE, tags: { "sla:copy": "true" } };
  const answers = [(await copy(order)).answer, (await copy(order)).answer];
  const seen = await until(
    clock,
    found(clock, ELSEWHERE, id),
    (each) => each?.status === "available",
  );
  return { answers, seen, source };
}

const SHELF_CASES: readonly Case[] = [
  {
    name: "a backup is taken once, and not of what is not there",
    by: "RDS API, CreateDBSnapshot: DBSnapshotAlreadyExists, DBInstanceNotFound",
    expected: ["accepted", "already", "refused"],
    async run(clock) {
      const { answer, database } = await taken(clock, "once");
      const { take } = rdsTaking(clock, here);
      const again = await take({ id: "once", database, tags: {} });
      const none = await take({ id: "none", database: "not-there", tags: {} });
      return [answer.answer, again.answer, none.answer];
    },
  },
  {
    name: "a backup is listed with its database, its tags and its time, and as no copy",
    by: "RDS API, DBSnapshot: DBInstanceIdentifier, TagList, SnapshotDatabaseTime, SourceDBSnapshotIdentifier",
    expected: ["of-the-shelf", { "sla:tick": "t" }, true, false],
    async run(clock) {
      const { seen } = await taken(clock, "listed");
      return [seen?.database, seen?.tags, seen?.takenAt !== undefined, seen?.isCopy];
    },
  },
  {
    name: "a copy in another region is made once, under a key of that region, and is of its source's time",
    by: "RDS API, CopyDBSnapshot: KmsKeyId, DBSnapshotAlreadyExists; DBSnapshot: SnapshotDatabaseTime doesn't change when the snapshot is copied",
    expected: [["accepted", "already"], true, true, true, { "sla:copy": "true" }],
    async run(clock) {
      const { answers, seen, source } = await copied(clock, "copied");
      const isOfThen = seen?.takenAt !== undefined && seen.takenAt === source?.takenAt;
      return [answers, seen?.isCopy, seen?.key !== undefined, isOfThen, seen?.tags];
    },
  },
  {
    name: "what is not there is not copied, and nothing is left to do",
    by: "RDS API, CopyDBSnapshot: DBSnapshotNotFound",
    expected: "already",
    async run(clock) {
      await backupKey(ELSEWHERE);
      const order = { id: "not-there", from: HERE, tags: {} };
      return (await rdsCopying(clock, there).copy(order)).answer;
    },
  },
  {
    name: "new tags of a backup stand beside those it has",
    by: "RDS API, AddTagsToResource",
    expected: { "sla:tick": "t", "sla:tested": "ok" },
    async run(clock) {
      await taken(clock, "tagged");
      const shelf = rdsTestShelf(clock, here);
      await shelf.tag("tagged", { "sla:tested": "ok" });
      return (await shelf.look("tagged"))?.tags;
    },
  },
  {
    name: "a backup is deleted, and nothing is left to do when that is asked again",
    by: "RDS API, DeleteDBSnapshot: DBSnapshotNotFound",
    expected: ["accepted", null, "already"],
    async run(clock) {
      await taken(clock, "deleted");
      const { look, remove } = rdsRemoving(clock, here);
      const first = await remove("deleted");
      const seen = await until(
        clock,
        () => look("deleted"),
        (each) => each === undefined,
      );
      return [first.answer, seen ?? null, (await remove("deleted")).answer];
    },
  },
];

const orderOf = async (clock: Clock, database: string) => ({
  ...{ database, groups: [(await networkIn(HERE)).group], parameterGroup: "default.postgres15" },
  ...{ subnetGroup: await subnetGroup(clock, HERE, `${database}-net`), tags: { test: database } },
});

let kept: Promise<unknown> | undefined;
const logged = (clock: Clock) => {
  kept ??= primary(clock, "logged");
  return kept;
};

/** As soon as RDS says until when they reach. */
const logsOf = (clock: Clock, database: string) =>
  until(
    clock,
    async () => {
      const all = await rdsAutomatedBackups(clock).list(HERE);
      return all.find(({ source }) => source.database === database);
    },
    (seen) => seen?.latest !== undefined,
  );

const RESTORE_CASES: readonly Case[] = [
  {
    name: "a backup is restored once, under a name and tags of its own, and opened by a new password",
    by: "RDS API, RestoreDBInstanceFromDBSnapshot: DBInstanceAlreadyExists; ModifyDBInstance: MasterUserPassword",
    expected: [["accepted", "accepted"], "master", { test: "restored" }, "accepted"],
    async run(clock) {
      await taken(clock, "restorable");
      const { restore, describe, open } = rdsRestores(clock, here, password);
      const order = { ...(await orderOf(clock, "restored")), backup: "restorable" };
      const answers = [await restore(order), await restore(order)];
      await atStatus(clock, HERE, "restored");
      const { masterUsername, tags } = (await describe("restored")) ?? {};
      return [answers, masterUsername, tags, await open("restored")];
    },
  },
  {
    name: "what is not there is not restored, has no state, and is not opened",
    by: "RDS API, RestoreDBInstanceFromDBSnapshot: DBSnapshotNotFound; ModifyDBInstance: DBInstanceNotFound",
    expected: [["refused"], null, "gone"],
    async run(clock) {
      const { restore, describe, open } = rdsRestores(clock, here, password);
      const answer = await restore({ ...(await orderOf(clock, "never")), backup: "not-there" });
      const said = typeof answer === "string" ? answer : Object.keys(answer);
      return [said, (await describe("never")) ?? null, await open("never")];
    },
  },
  {
    name: "a database is restored from its logs beside itself, as far as they reach",
    by: "RDS API, RestoreDBInstanceToPointInTime: UseLatestRestorableTime",
    expected: ["accepted", "available", { test: "rewound" }],
    async run(clock) {
      const database = "logged";
      await logged(clock);
      // Where no logs are listed, whoever asks for them is told.
      await logsOf(clock, database).catch(() => undefined);
      const { restore, describe } = rdsRecoveries(clock, here, password);
      const at = clock.now().toISOString();
      const answer = await restore({
        ...{ ...(await orderOf(clock, "rewound")), multiAz: false, backupRetentionDays: 1 },
        point: { from: "logs", database, at, isNewest: true },
      });
      if (answer === "accepted") await atStatus(clock, HERE, "rewound");
      const { status, tags } = (await describe("rewound")) ?? {};
      return [answer, status, tags];
    },
  },
  {
    name: "automated backups of a primary are listed with the newest instant that can be restored",
    by: "RDS API, DBInstanceAutomatedBackup: RestoreWindow, LatestTime",
    expected: [HERE, true],
    async run(clock) {
      await logged(clock);
      const seen = await logsOf(clock, "logged");
      return [seen?.source.region, seen?.latest !== undefined];
    },
  },
  {
    name: "automated backups are replicated to another region, listed there, and ended",
    by: "RDS API, StartDBInstanceAutomatedBackupsReplication, StopDBInstanceAutomatedBackupsReplication",
    expected: ["accepted", HERE, "accepted"],
    async run(clock) {
      await primary(clock, "shipped");
      const source = { region: HERE, database: "shipped" };
      const { start, stop } = rdsShipping(clock, there);
      const all = () => rdsAutomatedBackups(clock).list(ELSEWHERE);
      const begun = await start({ source, days: 2, tags: { "sla:managed": "true" } });
      if (begun.answer !== "accepted") return [begun.answer];
      const isOfIt = (each: { readonly source: { readonly database: string } }) =>
        each.source.database === "shipped";
      const listed = await until(clock, all, (seen) => seen.some(isOfIt));
      const ended = await stop({ source });
      return [begun.answer, listed.find(isOfIt)?.source.region, ended.answer];
    },
  },
];

export const BACKUP_CASES: readonly Case[] = [...SHELF_CASES, ...RESTORE_CASES];
