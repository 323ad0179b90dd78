import {
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  DescribeDBInstancesCommand,
  PromoteReadReplicaCommand,
  RebootDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { mariadbBinaries, WITHOUT_MARIADB } from "../../../lib/local-cloud/mariadb/binaries.ts";
import { type Cloud, HOME, PASSWORD, STANDBY, startCloud } from "./cloud.ts";

const hasMariadb = (await mariadbBinaries()) !== undefined;
if (!hasMariadb) console.log(`MariaDB on the local cloud: skipped, ${WITHOUT_MARIADB}`);

describe.skipIf(!hasMariadb)("MariaDB on the local cloud", { timeout: 120_000 }, () => {
  let cloud: Cloud;

  beforeAll(async () => {
    // A temporary directory may be far away; the address of a socket holds 107 bytes.
    cloud = await startCloud({ named: `rds-test-${"far-away-".repeat(8)}` });
    await cloud.client(HOME).send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: "acme-db",
        DBInstanceClass: "db.t4g.micro",
        AllocatedStorage: 20,
        Engine: "mariadb",
        MasterUsername: "admin",
        MasterUserPassword: PASSWORD,
        DBName: "shop",
      }),
    );
    await cloud.rds.settled(HOME, "acme-db");
    await rows(HOME, "acme-db", "create table shop.notes (id int primary key, words text)");
    await rows(HOME, "acme-db", "insert into shop.notes values (1, 'first')");
    await cloud.client(STANDBY).send(
      new CreateDBInstanceReadReplicaCommand({
        DBInstanceIdentifier: "acme-db-standby",
        SourceDBInstanceIdentifier: `arn:aws:rds:${HOME}:111111111111:db:acme-db`,
      }),
    );
    await cloud.rds.settled(STANDBY, "acme-db-standby");
  }, 120_000);
  afterAll(() => cloud.close());

  const rows = (region: string, id: string, text: string) => cloud.rds.adminQuery(region, id, text);
  const standby = async () => {
    const asked = new DescribeDBInstancesCommand({ DBInstanceIdentifier: "acme-db-standby" });
    return (await cloud.client(STANDBY).send(asked)).DBInstances?.[0];
  };

  it("is told as RDS tells it", async () => {
    expect(await standby()).toMatchObject({
      Engine: "mariadb",
      EngineVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      DBInstanceStatus: "available",
      Endpoint: { Port: 3306 },
      DBParameterGroups: [
        { DBParameterGroupName: expect.stringMatching(/^default\.mariadb\d+\.\d+$/) },
      ],
      StatusInfos: [{ Status: "replicating" }],
    });
  });

  it("has on the replica what was there before it, and what comes after", async () => {
    await rows(HOME, "acme-db", "insert into shop.notes values (2, 'second')");
    await vi.waitFor(
      async () =>
        expect(await rows(STANDBY, "acme-db-standby", "select id from shop.notes")).toEqual([
          { id: 1 },
          { id: 2 },
        ]),
      { timeout: 20_000 },
    );
    const [status] = await rows(STANDBY, "acme-db-standby", "show slave status");
    expect(status).toMatchObject({ Using_Gtid: "Slave_Pos", Slave_IO_Running: "Yes" });
  });

  it("is a server of its own once it is promoted, and stays one when it is rebooted", async () => {
    await cloud.rds.kill(HOME, "acme-db");
    const named = { DBInstanceIdentifier: "acme-db-standby" };
    await cloud.client(STANDBY).send(new PromoteReadReplicaCommand(named));
    await cloud.rds.settled(STANDBY, "acme-db-standby");
    expect(await standby()).not.toHaveProperty("ReadReplicaSourceDBInstanceIdentifier");
    await cloud.client(STANDBY).send(new RebootDBInstanceCommand(named));
    await cloud.rds.settled(STANDBY, "acme-db-standby");
    expect(await rows(STANDBY, "acme-db-standby", "show slave status")).toEqual([]);
    expect(await rows(STANDBY, "acme-db-standby", "select @@read_only as closed")).toEqual([
      { closed: 0 },
    ]);
  });

  it("is copied again from a server that was promoted", async () => {
    const source = `arn:aws:rds:${STANDBY}:111111111111:db:acme-db-standby`;
    await cloud.client(HOME).send(
      new CreateDBInstanceReadReplicaCommand({
        DBInstanceIdentifier: "acme-db-sla2",
        SourceDBInstanceIdentifier: source,
      }),
    );
    await cloud.rds.settled(HOME, "acme-db-sla2");
    expect(await rows(HOME, "acme-db-sla2", "select count(*) as count from shop.notes")).toEqual([
      { count: 2 },
    ]);
  });
});
