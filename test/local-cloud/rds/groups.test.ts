import {
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  CreateDBSubnetGroupCommand,
  DBParameterGroupAlreadyExistsFault,
  DBParameterGroupNotFoundFault,
  DBSubnetGroupAlreadyExistsFault,
  DBSubnetGroupDoesNotCoverEnoughAZs,
  DBSubnetGroupNotFoundFault,
  DeleteDBInstanceCommand,
  DeleteDBParameterGroupCommand,
  DeleteDBSubnetGroupCommand,
  DescribeAccountAttributesCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBParametersCommand,
  DescribeDBSubnetGroupsCommand,
  InvalidDBParameterGroupStateFault,
  InvalidDBSubnetGroupStateFault,
  InvalidSubnet,
  ModifyDBInstanceCommand,
  ModifyDBParameterGroupCommand,
  ModifyDBSubnetGroupCommand,
} from "@aws-sdk/client-rds";
import { afterAll, describe, expect, it } from "vitest";
import { HOME, PASSWORD, STANDBY, startCloud } from "./cloud.ts";

const cloud = await startCloud();
const [home, standby] = [cloud.client(HOME), cloud.client(STANDBY)];
afterAll(() => cloud.close());

const group = (DBParameterGroupName: string, DBParameterGroupFamily = "postgres15") =>
  new CreateDBParameterGroupCommand({
    ...{ DBParameterGroupName, DBParameterGroupFamily, Description: "databases" },
  });
const set = (DBParameterGroupName: string, values: Readonly<Record<string, string>>) =>
  new ModifyDBParameterGroupCommand({
    DBParameterGroupName,
    Parameters: Object.entries(values).map(([ParameterName, ParameterValue]) => ({
      ...{ ParameterName, ParameterValue, ApplyMethod: "pending-reboot" as const },
    })),
  });
const valuesOf = async (DBParameterGroupName: string) => {
  const asked = new DescribeDBParametersCommand({ DBParameterGroupName, Source: "user" });
  const { Parameters = [] } = await home.send(asked);
  return Parameters.map((each) => [each.ParameterName, each.ParameterValue, each.ApplyMethod]);
};
const subnets = (DBSubnetGroupName: string, ...SubnetIds: string[]) =>
  new CreateDBSubnetGroupCommand({
    ...{ DBSubnetGroupName, SubnetIds, DBSubnetGroupDescription: "databases" },
  });
const instance = (DBInstanceIdentifier: string, more: object) =>
  new CreateDBInstanceCommand({
    ...{ DBInstanceIdentifier, DBInstanceClass: "db.t4g.micro", Engine: "postgres" },
    ...{ MasterUsername: "postgres", MasterUserPassword: PASSWORD, BackupRetentionPeriod: 0 },
    ...more,
  });

it("an account says what it may have and has", async () => {
  const { AccountQuotas = [] } = await standby.send(new DescribeAccountAttributesCommand({}));
  expect(AccountQuotas).toContainEqual({ AccountQuotaName: "DBInstances", Used: 0, Max: 40 });
  expect(AccountQuotas).toContainEqual({ AccountQuotaName: "ManualSnapshots", Used: 0, Max: 100 });
});

describe("a parameter group", () => {
  it("is of one region and family, and tells what was set in it", async () => {
    await home.send(group("odoo-15"));
    await home.send(set("odoo-15", { max_connections: "500", work_mem: "8192" }));
    await home.send(set("odoo-15", { max_connections: "400" }));
    expect(await valuesOf("odoo-15")).toEqual([
      ["max_connections", "400", "pending-reboot"],
      ["work_mem", "8192", "pending-reboot"],
    ]);
    const asked = new DescribeDBParameterGroupsCommand({ DBParameterGroupName: "odoo-15" });
    const { DBParameterGroups } = await home.send(asked);
    expect(DBParameterGroups).toEqual([
      {
        ...{ DBParameterGroupName: "odoo-15", DBParameterGroupFamily: "postgres15" },
        Description: "databases",
        DBParameterGroupArn: `arn:aws:rds:${HOME}:111111111111:pg:odoo-15`,
      },
    ]);
    await expect(standby.send(asked)).rejects.toBeInstanceOf(DBParameterGroupNotFoundFault);
    await expect(home.send(group("odoo-15"))).rejects.toBeInstanceOf(
      DBParameterGroupAlreadyExistsFault,
    );
  });

  it("that RDS made itself is there, and stays as it is", async () => {
    expect(await valuesOf("default.postgres15")).toEqual([]);
    await expect(home.send(set("default.postgres15", { work_mem: "1" }))).rejects.toBeInstanceOf(
      InvalidDBParameterGroupStateFault,
    );
  });

  it("of another engine's parameters says that it knows none", async () => {
    const all = new DescribeDBParametersCommand({ DBParameterGroupName: "odoo-15" });
    await expect(home.send(all)).rejects.toThrow(/Source user only/);
  });
});

describe("a subnet group", () => {
  it("has the subnets of one network in two zones at least, and tells them", async () => {
    cloud.subnets.describe(HOME, "vpc-2", ["subnet-2a", "subnet-2b", "subnet-2c"]);
    cloud.subnets.describe(HOME, "vpc-9", ["subnet-9a", "subnet-9b"]);
    await home.send(subnets("sla-restore", "subnet-2a", "subnet-2b"));
    const asked = new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: "sla-restore" });
    expect((await home.send(asked)).DBSubnetGroups).toMatchObject([
      {
        ...{ DBSubnetGroupName: "sla-restore", VpcId: "vpc-2", SubnetGroupStatus: "Complete" },
        Subnets: [
          { SubnetIdentifier: "subnet-2a", SubnetAvailabilityZone: { Name: `${HOME}a` } },
          { SubnetIdentifier: "subnet-2b", SubnetAvailabilityZone: { Name: `${HOME}b` } },
        ],
      },
    ]);
    await home.send(
      new ModifyDBSubnetGroupCommand({
        ...{ DBSubnetGroupName: "sla-restore", SubnetIds: ["subnet-2b", "subnet-2c"] },
      }),
    );
    const [changed] = (await home.send(asked)).DBSubnetGroups ?? [];
    expect(changed?.Subnets?.map((each) => each.SubnetIdentifier)).toEqual([
      "subnet-2b",
      "subnet-2c",
    ]);
  });

  it.each([
    ["a subnet that is not there", ["subnet-2a", "subnet-7"], InvalidSubnet],
    ["subnets of two networks", ["subnet-2a", "subnet-9b"], InvalidSubnet],
    ["one zone only", ["subnet-2a"], DBSubnetGroupDoesNotCoverEnoughAZs],
  ])("is not made of %s", async (_what, ids, error) => {
    await expect(home.send(subnets("another", ...ids))).rejects.toBeInstanceOf(error);
  });

  it("has a name of its own", async () => {
    await expect(
      home.send(subnets("sla-restore", "subnet-2a", "subnet-2b")),
    ).rejects.toBeInstanceOf(DBSubnetGroupAlreadyExistsFault);
    const asked = new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: "nobody" });
    await expect(home.send(asked)).rejects.toBeInstanceOf(DBSubnetGroupNotFoundFault);
  });
});

describe("a database", () => {
  it("is not made with groups that are not there, or of another version", async () => {
    await home.send(group("odoo-14", "postgres14"));
    await expect(
      home.send(instance("a", { DBParameterGroupName: "nobody" })),
    ).rejects.toBeInstanceOf(DBParameterGroupNotFoundFault);
    await expect(home.send(instance("a", { DBParameterGroupName: "odoo-14" }))).rejects.toThrow(
      /Please use a Parameter Group with DBParameterGroupFamily postgres15/,
    );
    await expect(home.send(instance("a", { DBSubnetGroupName: "nobody" }))).rejects.toBeInstanceOf(
      DBSubnetGroupNotFoundFault,
    );
  });

  it("keeps what it uses from being deleted, and cannot be given what is not there", async () => {
    const groups = { DBParameterGroupName: "odoo-15", DBSubnetGroupName: "sla-restore" };
    await home.send(instance("user", groups));
    await cloud.rds.settled(HOME, "user");
    const away = new DeleteDBParameterGroupCommand({ DBParameterGroupName: "odoo-15" });
    const apart = new DeleteDBSubnetGroupCommand({ DBSubnetGroupName: "sla-restore" });
    await expect(home.send(away)).rejects.toBeInstanceOf(InvalidDBParameterGroupStateFault);
    await expect(home.send(apart)).rejects.toBeInstanceOf(InvalidDBSubnetGroupStateFault);
    const DBInstanceIdentifier = "user";
    await expect(
      home.send(
        new ModifyDBInstanceCommand({ DBInstanceIdentifier, DBParameterGroupName: "nobody" }),
      ),
    ).rejects.toBeInstanceOf(DBParameterGroupNotFoundFault);
    await home.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
    await expect.poll(() => home.send(away).then(() => "gone"), { timeout: 20_000 }).toBe("gone");
    await home.send(apart);
  });
});
