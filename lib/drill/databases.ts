import {
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { KEPT_TAGS, STANDBY_TAGS } from "../sla/database-tags.ts";
import { type Fleet, type Instance, parameterGroupOf } from "../sla/fleet.ts";
import { providerWords } from "./application-sql.ts";
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
  const words = providerWords(database.engine);
  const statements = [
    ...words.application(passwords.application),
    ...(isUnadopted ? [] : words.prepare(passwords.sla)),
  ];
  for (const text of statements) await run(text);
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

async function createSecret(aws: Aws, region: string, { database }: Instance, password: string) {
  const SecretString = JSON.stringify({ username: "sla", password });
  await aws.secrets(region).send(new CreateSecretCommand({ Name: database.secret, SecretString }));
}

async function createPrimary(
  client: RDSClient,
  { home, plan, database }: Instance,
  { fleet, passwords, isUnadopted }: Making,
) {
  const { engine = "postgres" } = database;
  const site = fleet.sites[home];
  const group = site && parameterGroupOf(site, engine);
  await client.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: database.primary,
      DBInstanceClass: "db.t4g.medium",
      Engine: engine,
      // Every server of PostgreSQL has a database of its name from the start.
      ...(database.name !== engine && { DBName: database.name }),
      AllocatedStorage: 20,
      MasterUsername: providerWords(engine).master,
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
