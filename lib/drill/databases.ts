import {
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { PREPARE_SQL } from "../../functions/sql/prepare.sql.ts";
import { KEPT_TAGS, STANDBY_TAGS } from "../sla/database-tags.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import type { Aws } from "./aws.ts";
import type { Endpoints } from "./records.ts";

/** Passwords of one run. They open nothing but databases that live as long as the run. */
export interface Passwords {
  readonly master: string;
  readonly application: string;
  readonly sla: string;
}

/** What the operator's own hands do beside the API. */
export interface Hands {
  /** Runs SQL with all rights, on a server in one of its databases. */
  sql(region: string, server: string, text: string, database: string): Promise<unknown>;
  /** Waits until what was asked of a database is done; rejects with the reason if it failed. */
  settled(region: string, database: string): Promise<void>;
}

const RETENTION_DAYS = 7;
const MASTER = "postgres";

export const APPLICATION_USER = "app";

/** Without it no page of the demo application is good. */
export const PAGE_TABLE = "visits";

/** Tables of the demo application and of the drill's writers. */
const APPLICATION_SQL = (password: string) => `
  create role ${APPLICATION_USER} login password '${password}';
  create table ${PAGE_TABLE} (site text primary key, visits bigint not null);
  create table drill_rows (id bigint primary key, at timestamptz not null default clock_timestamp());
  grant select, insert, update on ${PAGE_TABLE}, drill_rows to ${APPLICATION_USER};
`;

/** As on RDS, what the master user has made is its own: restored somewhere, it may change it again. */
const asMaster = (text: string) => `set role ${MASTER};\n${text}`;

interface Making {
  readonly aws: Aws;
  readonly fleet: Fleet;
  readonly passwords: Passwords;
  readonly hands: Hands;
  /** The primary and its application only. */
  readonly isUnadopted: boolean;
}

/** Primary, secret and standby of an instance, as `sla adopt` leaves them. */
export async function createDatabases(instance: Instance, making: Making): Promise<Endpoints> {
  const { aws, fleet, passwords, hands, isUnadopted } = making;
  const { home, standby, database } = instance;
  const secretIn = isUnadopted ? [] : Object.keys(fleet.sites);
  await Promise.all([
    createPrimary(aws.rds(home), instance, making),
    ...secretIn.map((region) => createSecret(aws, region, instance, passwords.sla)),
  ]);
  await hands.settled(home, database.primary);
  const primary = await describe(aws.rds(home), database.primary);
  const run = (text: string) => hands.sql(home, database.primary, text, database.name);
  await run(asMaster(APPLICATION_SQL(passwords.application)));
  if (!isUnadopted) await prepare(run, passwords);
  // Tests make tables by other hands; here it is to look around with psql.
  await run(`grant pg_read_all_data to ${MASTER}`);
  if (isUnadopted || standby === undefined || database.standby === undefined) {
    return { primary: address(primary) };
  }
  await createStandby(aws.rds(standby), fleet, instance, primary?.DBInstanceArn ?? "");
  await hands.settled(standby, database.standby);
  await keepBackups(aws.rds(standby), database.standby);
  await hands.settled(standby, database.standby);
  const replica = await describe(aws.rds(standby), database.standby);
  return { primary: address(primary), standby: address(replica) };
}

async function prepare(run: (text: string) => Promise<unknown>, { sla }: Passwords) {
  await run(asMaster(PREPARE_SQL));
  // Customers let us look for rows: without their word there would be nothing to find them with.
  await run("grant pg_read_all_data to sla");
  await run(`alter role sla password '${sla}'`);
}

async function createSecret(aws: Aws, region: string, { database }: Instance, password: string) {
  const SecretString = JSON.stringify({ username: "sla", password });
  await aws.secrets(region).send(new CreateSecretCommand({ Name: database.secret, SecretString }));
}

async function createPrimary(
  client: RDSClient,
  { home, plan, database }: Instance,
  { fleet, passwords, isUnadopted }: Making,
) {
  const group = fleet.sites[home]?.parameterGroup;
  await client.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: database.primary,
      DBInstanceClass: "db.t4g.medium",
      Engine: "postgres",
      // Every server has a database of this name from the start.
      ...(database.name !== "postgres" && { DBName: database.name }),
      AllocatedStorage: 20,
      MasterUsername: MASTER,
      MasterUserPassword: passwords.master,
      BackupRetentionPeriod: RETENTION_DAYS,
      MultiAZ: fleet.plans[plan]?.multiAz.required ?? false,
      VpcSecurityGroupIds: groupsOf(fleet, home),
      // As its provider keeps it; a drill's is the plainest that does.
      ...(isUnadopted
        ? { StorageEncrypted: true, DBParameterGroupName: group }
        : { Tags: tagList(KEPT_TAGS) }),
    }),
  );
}

async function createStandby(
  client: RDSClient,
  fleet: Fleet,
  { standby = "", database }: Instance,
  source: string,
) {
  await client.send(
    new CreateDBInstanceReadReplicaCommand({
      DBInstanceIdentifier: database.standby,
      SourceDBInstanceIdentifier: source,
      VpcSecurityGroupIds: groupsOf(fleet, standby),
      Tags: tagList(STANDBY_TAGS),
    }),
  );
}

/** RDS takes it when the replica is there; on a primary that serves, it would be an outage. */
const keepBackups = (client: RDSClient, id: string) =>
  client.send(
    new ModifyDBInstanceCommand({
      DBInstanceIdentifier: id,
      BackupRetentionPeriod: RETENTION_DAYS,
      ApplyImmediately: true,
    }),
  );

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const groupsOf = (fleet: Fleet, region: string) => {
  const site = fleet.sites[region];
  return site ? [site.securityGroup] : [];
};

async function describe(client: RDSClient, id: string): Promise<DBInstance | undefined> {
  const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: id });
  return (await client.send(command)).DBInstances?.[0];
}

const address = (database: DBInstance | undefined) => database?.Endpoint?.Address ?? "";
