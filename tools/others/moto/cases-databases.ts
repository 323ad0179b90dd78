import { RDSClient, StopDBInstanceCommand } from "@aws-sdk/client-rds";
import { rdsFence } from "../../../functions/aws/rds-fence.ts";
import { rdsInventory } from "../../../functions/aws/rds-inventory.ts";
import { rdsRegistry } from "../../../functions/aws/rds-registry.ts";
import { rdsRemovals } from "../../../functions/aws/rds-removals.ts";
import { rdsReplicas } from "../../../functions/aws/rds-replicas.ts";
import { rdsStandby } from "../../../functions/aws/rds-standby.ts";
import { rdsTags } from "../../../functions/aws/rds-tags.ts";
import type { ReplicaOrder } from "../../../functions/failover/ports.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import { rdsDatabases } from "../../../lib/operator/adopting/rds-databases.ts";
import { rdsMadeGroups } from "../../../lib/operator/adopting/rds-made-groups.ts";
import { type Case, ELSEWHERE, HERE, nameOfError } from "./case.ts";
import { atStatus, networkIn, primary, subnetGroup, until } from "./ground.ts";

const GONE = { region: HERE, database: "not-there" };
const replicaOf = (source: string): ReplicaOrder => ({
  ...{ source, groups: [], parameterGroup: "default.postgres15" },
  ...{ multiAz: false, tags: { "sla:standby": "true" } },
});

/** A primary and what follows it in another region. */
async function pair(clock: Clock, name: string) {
  const { DBInstanceArn: source = "" } = await primary(clock, name);
  const standby = { region: ELSEWHERE, database: `${name}-standby` };
  const answer = await rdsReplicas(clock).create(standby, replicaOf(source));
  await atStatus(clock, standby.region, standby.database);
  return { source, standby, answer, home: { region: HERE, database: name } };
}

const REPLICA_CASES: readonly Case[] = [
  {
    name: "a replica in another region and its source name each other by ARN, and asked for again it is there",
    by: "RDS API, CreateDBInstanceReadReplica: DBInstanceAlreadyExists; DBInstance: ReadReplicaSourceDBInstanceIdentifier, StatusInfos: replicating",
    expected: [["accepted", "accepted"], true, ["replicating"], true, 0, { "sla:standby": "true" }],
    async run(clock) {
      const { source, standby, answer, home } = await pair(clock, "named");
      const again = await rdsReplicas(clock).create(standby, replicaOf(source));
      const answers = [answer, again];
      const { describe } = rdsRegistry(clock);
      const [follower, followed] = [await describe(standby), await describe(home)];
      const isKnown = followed?.replicas.includes(
        source.replace(HERE, ELSEWHERE).concat("-standby"),
      );
      const { backupRetentionDays, tags, replication } = follower ?? {};
      return [
        answers,
        follower?.source === source,
        replication,
        isKnown,
        backupRetentionDays,
        tags,
      ];
    },
  },
  {
    name: "a database that keeps no backups gets no replica",
    by: "RDS User Guide, Working with read replicas: automatic backups have to be on; CreateDBInstanceReadReplica: InvalidDBInstanceState",
    expected: "wrong-state",
    async run(clock) {
      const more = { BackupRetentionPeriod: 0 };
      const { DBInstanceArn = "" } = await primary(clock, "unkept", more);
      const seat = { region: HERE, database: "unkept-standby" };
      return rdsReplicas(clock).create(seat, replicaOf(DBInstanceArn));
    },
  },
  {
    name: "of an encrypted database no replica is made elsewhere without a key",
    by: "RDS API, CreateDBInstanceReadReplica: KmsKeyId is required for an encrypted source in another Region",
    expected: ["refused"],
    async run(clock) {
      const { DBInstanceArn = "" } = await primary(clock, "sealed", { StorageEncrypted: true });
      const seat = { region: ELSEWHERE, database: "sealed-standby" };
      const answer = await rdsReplicas(clock).create(seat, replicaOf(DBInstanceArn));
      return typeof answer === "string" ? answer : Object.keys(answer);
    },
  },
  {
    name: "a promoted replica follows nobody, keeps backups as it was told, and its source knows it no more",
    by: "RDS API, PromoteReadReplica: BackupRetentionPeriod",
    expected: ["accepted", null, 7, []],
    async run(clock) {
      const { standby, home } = await pair(clock, "risen");
      const answer = await rdsStandby(clock).promote(standby, { backupRetentionDays: 7 });
      const { describe } = rdsRegistry(clock);
      const risen = await until(
        clock,
        () => describe(standby),
        (seen) => seen?.status === "available" && seen.source === undefined,
      );
      const { replicas } = (await describe(home)) ?? {};
      return [answer, risen?.source ?? null, risen?.backupRetentionDays, replicas];
    },
  },
  {
    name: "what is no replica is not promoted, and what is not there is gone",
    by: "RDS API, PromoteReadReplica: InvalidDBInstanceState, DBInstanceNotFound",
    expected: ["wrong-state", "gone"],
    async run(clock) {
      await primary(clock, "alone");
      const { promote } = rdsStandby(clock);
      const days = { backupRetentionDays: 1 };
      return [await promote({ region: HERE, database: "alone" }, days), await promote(GONE, days)];
    },
  },
];

const CHANGE_CASES: readonly Case[] = [
  {
    name: "a database says where it listens, who may come in, and what it is tagged with",
    by: "RDS API, DBInstance: Endpoint, VpcSecurityGroups, TagList",
    expected: [5432, 20, [true], false, { "sla:instance": "seen" }],
    async run(clock) {
      await primary(clock, "seen");
      const seat = { region: HERE, database: "seen" };
      const { groups = [], isProtected } = (await rdsRegistry(clock).describe(seat)) ?? {};
      const listed = (await rdsInventory(clock).describe(HERE)).get("seen");
      const tags = (await rdsTags(clock, { region: HERE }).tags()).get("seen");
      const gib = (listed?.allocatedBytes ?? 0) / 2 ** 30;
      return [listed?.port, gib, groups.map(({ active }) => active), isProtected, tags];
    },
  },
  {
    name: "tags of a database are set and taken away one by one",
    by: "RDS API, AddTagsToResource, RemoveTagsFromResource",
    expected: { "sla:instance": "noted", two: "2" },
    async run(clock) {
      const { DBInstanceArn = "" } = await primary(clock, "noted");
      const { note } = rdsDatabases(clock);
      await note(HERE, DBInstanceArn, "one", "1");
      await note(HERE, DBInstanceArn, "two", "2");
      await note(HERE, DBInstanceArn, "one", undefined);
      return (await rdsTags(clock, { region: HERE }).tags()).get("noted");
    },
  },
  {
    name: "a fenced database has the groups it was given, and no others",
    by: "RDS API, ModifyDBInstance: VpcSecurityGroupIds",
    expected: ["accepted", true, "gone"],
    async run(clock) {
      const { group } = await networkIn(HERE);
      await primary(clock, "fenced");
      const seat = { region: HERE, database: "fenced" };
      const { admitOnly } = rdsFence(clock);
      const answer = await admitOnly(seat, [group]);
      const seen = await until(
        clock,
        () => rdsRegistry(clock).describe(seat),
        (state) => state?.groups.every(({ active }) => active) ?? false,
      );
      const isOnly = seen?.groups.map(({ id }) => id).join() === group;
      return [answer, isOnly, await admitOnly(GONE, [group])];
    },
  },
  {
    name: "a database is rebooted, one that is stopped is not",
    by: "RDS API, RebootDBInstance: InvalidDBInstanceState; User Guide: its state must be available",
    expected: ["accepted", "wrong-state", "gone"],
    async run(clock) {
      const seat = { region: HERE, database: "booted" };
      await primary(clock, seat.database);
      const { reboot } = rdsFence(clock);
      const first = await reboot(seat);
      await atStatus(clock, HERE, seat.database);
      const client = new RDSClient({ region: HERE });
      await client.send(new StopDBInstanceCommand({ DBInstanceIdentifier: seat.database }));
      await atStatus(clock, HERE, seat.database, "stopped");
      return [first, await reboot(seat), await reboot(GONE)];
    },
  },
  {
    name: "a database that is protected is not deleted; then it is, and is gone",
    by: "RDS API, DeleteDBInstance: a DB instance can't be deleted when deletion protection is enabled",
    expected: ["InvalidParameterCombination", "accepted", "accepted", "gone"],
    async run(clock) {
      const seat = { region: HERE, database: "guarded" };
      await primary(clock, seat.database, { DeletionProtection: true });
      const { remove, unprotect } = rdsRemovals(clock);
      const refused = await nameOfError(remove(seat));
      const unprotected = await unprotect(seat);
      await until(
        clock,
        () => rdsRegistry(clock).describe(seat),
        (seen) => seen?.isProtected === false && seen.status === "available",
      );
      const answers = [unprotected, await remove(seat)];
      await until(
        clock,
        () => rdsRegistry(clock).describe(seat),
        (seen) => seen === undefined,
      );
      return [refused, ...answers, await remove(seat)];
    },
  },
  {
    name: "a database's model is its subnet group and its key, and nothing is the model of what is not there",
    by: "RDS API, DBInstance: DBSubnetGroup, KmsKeyId, MultiAZ",
    expected: ["of-model", true, true, null],
    async run(clock) {
      const DBSubnetGroupName = await subnetGroup(clock, HERE, "of-model");
      const more = { StorageEncrypted: true, MultiAZ: true, DBSubnetGroupName };
      await primary(clock, "model", more);
      const { model } = rdsReplicas(clock);
      const found = await model({ region: HERE, database: "model" });
      const isArn = found?.kmsKey?.startsWith(`arn:aws:kms:${HERE}:`);
      return [found?.subnetGroup, isArn, found?.multiAz, (await model(GONE)) ?? null];
    },
  },
  {
    name: "groups that a database is in are not deleted, others are, and are gone then",
    by: "RDS API, DeleteDBSubnetGroup: InvalidDBSubnetGroupStateFault; DeleteDBParameterGroup: InvalidDBParameterGroupState",
    expected: [
      ["busy", "busy"],
      [["held"], ["held"]],
      ["accepted", "accepted"],
    ],
    async run(clock) {
      const groups = rdsMadeGroups(clock);
      const made = { family: "postgres15", description: "cases" };
      for (const name of ["held-parameters", "free-parameters"]) {
        await groups.makeParameters(HERE, name, made);
      }
      for (const name of ["held-subnets", "free-subnets"]) await subnetGroup(clock, HERE, name);
      await primary(clock, "held", {
        ...{ DBParameterGroupName: "held-parameters", DBSubnetGroupName: "held-subnets" },
      });
      return [
        [
          await groups.removeParameters(HERE, "held-parameters"),
          await groups.removeSubnets(HERE, "held-subnets"),
        ],
        [
          await groups.users(HERE, "parameters", "held-parameters"),
          await groups.users(HERE, "subnets", "held-subnets"),
        ],
        [
          await groups.removeParameters(HERE, "free-parameters"),
          await groups.removeSubnets(HERE, "free-subnets"),
        ],
      ];
    },
  },
];

export const DATABASE_CASES: readonly Case[] = [...REPLICA_CASES, ...CHANGE_CASES];
