import * as ec2 from "@aws-sdk/client-ec2";
import * as kms from "@aws-sdk/client-kms";
import * as rds from "@aws-sdk/client-rds";
import * as secretsManager from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ec2Networks } from "../../../functions/aws/ec2-networks.ts";
import { kmsKeys } from "../../../functions/aws/kms-keys.ts";
import { rdsGroups, rdsVersions } from "../../../functions/aws/rds-groups.ts";
import { secretsVault } from "../../../functions/aws/secret-looks.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { AwsError } from "../../../lib/local-cloud/wire/service.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

interface Call {
  readonly operation: string;
  readonly region: string;
  readonly input: Record<string, unknown>;
}

const calls: Call[] = [];
const answers = new Map<string, (input: Record<string, unknown>) => unknown>();
const answering = (...operations: string[]) =>
  Object.fromEntries(
    operations.map((operation) => [
      operation,
      async (input: Record<string, unknown>, { region }: { region: string }) => {
        calls.push({ operation, region, input });
        return answers.get(operation)?.(input) ?? {};
      },
    ]),
  );
const cloud = await running(
  [
    {
      ...{ name: "rds", client: rds },
      operations: answering(
        "DescribeDBSubnetGroups",
        "DescribeDBParameterGroups",
        "DescribeDBParameters",
        "DescribeDBSnapshots",
        "DescribeDBInstances",
      ),
    },
    {
      ...{ name: "secretsmanager", client: secretsManager },
      operations: answering("DescribeSecret", "GetSecretValue"),
    },
    { ...{ name: "kms", client: kms }, operations: answering("DescribeKey") },
    {
      ...{ name: "ec2", client: ec2 },
      operations: answering("DescribeSecurityGroups", "DescribeSubnets"),
    },
  ],
  { isCutOff: (region) => region === "eu-lost-1" },
);
vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
vi.stubEnv("AWS_REGION", "eu-west-1");
vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
const clock = clockFrom({ SLA_PACE: "60" });
const here = { region: "eu-west-1" };
const groups = rdsGroups(clock, here);
const versions = rdsVersions(clock, here);
const vault = secretsVault(clock, here);

beforeEach(() => {
  calls.length = 0;
  answers.clear();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud.server.close();
});

const refuse = (operation: string, code: string, status = 400) =>
  answers.set(operation, () => {
    throw new AwsError(code, `${code} it says`, status);
  });

describe("a subnet group", () => {
  it("says where it lies", async () => {
    answers.set("DescribeDBSubnetGroups", () => ({
      DBSubnetGroups: [
        {
          ...{ VpcId: "vpc-3", SubnetGroupStatus: "Complete" },
          Subnets: [
            { SubnetIdentifier: "subnet-3a", SubnetAvailabilityZone: { Name: "eu-west-1a" } },
          ],
        },
      ],
    }));
    expect(await groups.subnets("sla-restore")).toEqual({
      ...{ vpc: "vpc-3", status: "Complete" },
      subnets: [{ id: "subnet-3a", zone: "eu-west-1a" }],
    });
    expect(calls).toMatchObject([
      { region: "eu-west-1", input: { DBSubnetGroupName: "sla-restore" } },
    ]);
  });

  it("that is not there is none; one that nobody may see is no answer", async () => {
    refuse("DescribeDBSubnetGroups", "DBSubnetGroupNotFoundFault", 404);
    expect(await groups.subnets("sla-restore")).toBeUndefined();
    refuse("DescribeDBSubnetGroups", "AccessDenied", 403);
    await expect(groups.subnets("sla-restore")).rejects.toMatchObject({ code: "CloudRefused" });
  });
});

describe("a parameter group", () => {
  it("of any region has all that was set in it, page by page", async () => {
    answers.set("DescribeDBParameterGroups", () => ({
      DBParameterGroups: [{ DBParameterGroupFamily: "postgres15" }],
    }));
    answers.set("DescribeDBParameters", ({ Marker }) =>
      Marker === undefined
        ? { Marker: "next", Parameters: [{ ParameterName: "jit", ParameterValue: "0" }] }
        : { Parameters: [{ ParameterName: "work_mem", ParameterValue: "8192" }, {}] },
    );
    expect(await groups.parameters("eu-central-2", "odoo-15")).toEqual({
      family: "postgres15",
      values: { jit: "0", work_mem: "8192" },
    });
    const asked = calls.filter(({ operation }) => operation === "DescribeDBParameters");
    expect(asked.map(({ region, input }) => [region, input["Source"]])).toEqual([
      ["eu-central-2", "user"],
      ["eu-central-2", "user"],
    ]);
  });

  it("that is not there is none, and of a lost region no answer", async () => {
    refuse("DescribeDBParameterGroups", "DBParameterGroupNotFoundFault", 404);
    expect(await groups.parameters("eu-west-1", "odoo-15")).toBeUndefined();
    await expect(groups.parameters("eu-lost-1", "odoo-15")).rejects.toMatchObject({
      code: "CloudUnreachable",
    });
  });
});

describe("versions", () => {
  it("are those of backups and databases, page by page", async () => {
    const time = new Date("2026-11-22T00:00:00.000Z");
    answers.set("DescribeDBSnapshots", ({ Marker }) =>
      Marker === undefined
        ? {
            Marker: "next",
            DBSnapshots: [
              {
                DBSnapshotIdentifier: "a",
                Engine: "postgres",
                EngineVersion: "15.18",
                OriginalSnapshotCreateTime: time,
              },
            ],
          }
        : { DBSnapshots: [{ DBSnapshotIdentifier: "b", EngineVersion: "16.1" }, {}] },
    );
    answers.set("DescribeDBInstances", () => ({
      DBInstances: [
        { DBInstanceIdentifier: "acme-db", EngineVersion: "15.18", BackupRetentionPeriod: 7 },
        { DBInstanceIdentifier: "dale-db", Engine: "mariadb", EngineVersion: "10.11.6" },
        {},
      ],
    }));
    expect(await versions.backups()).toEqual([
      { id: "a", engine: "postgres", version: "15.18", takenAt: "2026-11-22T00:00:00.000Z" },
      { id: "b", version: "16.1" },
    ]);
    expect(await versions.databases()).toEqual([
      { id: "acme-db", version: "15.18", retentionDays: 7 },
      { id: "dale-db", engine: "mariadb", version: "10.11.6", retentionDays: 0 },
    ]);
  });
});

describe("a secret", () => {
  it("says whom it follows, or who follows it and how", async () => {
    const LastChangedDate = new Date("2026-11-22T00:00:00.000Z");
    answers.set("DescribeSecret", () => ({ LastChangedDate, PrimaryRegion: "eu-central-2" }));
    expect(await vault.look("eu-west-1", "acme-db/sla")).toEqual({
      ...{ changedAt: "2026-11-22T00:00:00.000Z", follows: "eu-central-2", replicas: {} },
    });
    answers.set("DescribeSecret", () => ({
      ...{ PrimaryRegion: "eu-central-2", DeletedDate: LastChangedDate },
      ReplicationStatus: [
        { Region: "eu-west-1", Status: "Failed", StatusMessage: "no such key" },
        { Region: "eu-west-3", Status: "InSync" },
      ],
    }));
    expect(await vault.look("eu-central-2", "acme-db/sla")).toEqual({
      deletedAt: "2026-11-22T00:00:00.000Z",
      replicas: { "eu-west-1": "Failed, no such key", "eu-west-3": "InSync" },
    });
  });

  it("that is not there is none, and of a lost region no answer", async () => {
    refuse("DescribeSecret", "ResourceNotFoundException");
    expect(await vault.look("eu-west-1", "acme-db/sla")).toBeUndefined();
    await expect(vault.look("eu-lost-1", "acme-db/sla")).rejects.toMatchObject({
      code: "CloudUnreachable",
    });
  });

  it.each([
    ['{"username":"sla","password":"secret-text"}', "login"],
    ['{"username":"sla","password":""}', "malformed"],
    ['{"username":"sla"}', "malformed"],
    ["secret-text", "malformed"],
    ["null", "malformed"],
    [undefined, "malformed"],
  ])("of %j is a %s, and its text goes no further", async (SecretString, is) => {
    answers.set("GetSecretValue", () => ({ SecretString }));
    const content = await vault.open("acme-db/sla");
    expect(content).toEqual({ is });
    expect(JSON.stringify(content)).not.toContain("secret-text");
  });

  it.each([
    ["DecryptionFailure", 400],
    ["AccessDeniedException", 400],
    ["InvalidRequestException", 400],
  ])("that is refused with %s is closed", async (code, status) => {
    refuse("GetSecretValue", code, status);
    expect(await vault.open("acme-db/sla")).toEqual({ is: "closed", why: code });
  });

  it("without a value is told from one that nobody could ask for", async () => {
    refuse("GetSecretValue", "ResourceNotFoundException");
    expect(await vault.open("acme-db/sla")).toBeUndefined();
    refuse("GetSecretValue", "InternalServiceError", 500);
    await expect(vault.open("acme-db/sla")).rejects.toMatchObject({ code: "CloudUnreachable" });
  });
});

describe("KMS keys", () => {
  const keys = kmsKeys(clock, here);

  it("are described by alias or ARN, with the day of their end", async () => {
    answers.set("DescribeKey", () => ({
      KeyMetadata: { KeyId: "k", KeyState: "PendingDeletion", DeletionDate: new Date(0) },
    }));
    const expected = { state: "PendingDeletion", deletedAt: "1970-01-01T00:00:00.000Z" };
    expect(await keys.look("alias/sla-backups")).toEqual(expected);
    expect(calls).toMatchObject([{ region: "eu-west-1", input: { KeyId: "alias/sla-backups" } }]);
  });

  it("that are not there are undefined, and a refusal says which", async () => {
    answers.set("DescribeKey", () => {
      throw new AwsError("NotFoundException", "Alias is not found.");
    });
    expect(await keys.look("alias/none")).toBeUndefined();
    answers.set("DescribeKey", () => {
      throw new AwsError("AccessDeniedException", "no", 400);
    });
    await expect(keys.look("alias/x")).rejects.toMatchObject({
      code: "CloudRefused",
      message: expect.stringContaining("describe the key alias/x of eu-west-1"),
    });
  });
});

describe("networks", () => {
  const networks = ec2Networks(clock, here);

  it("say of a group who is let in, and where", async () => {
    answers.set("DescribeSecurityGroups", () => ({
      SecurityGroups: [
        {
          ...{ GroupId: "sg-1", VpcId: "vpc-3" },
          IpPermissions: [
            {
              ...{ IpProtocol: "tcp", FromPort: 5432, ToPort: 5432 },
              IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "a & b" }],
              Ipv6Ranges: [{ CidrIpv6: "::/0" }],
              UserIdGroupPairs: [{ GroupId: "sg-app", UserId: "111111111111" }],
              PrefixListIds: [{ PrefixListId: "pl-1" }],
            },
            { IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: "sg-all" }] },
          ],
        },
      ],
    }));
    expect(await networks.group("eu-central-2", "sg-1")).toEqual({
      vpc: "vpc-3",
      ingress: [
        {
          ...{ protocol: "tcp", ports: { from: 5432, to: 5432 } },
          peers: [
            { kind: "network", name: "10.0.0.0/8" },
            { kind: "network", name: "::/0" },
            { kind: "group", name: "sg-app" },
            { kind: "list", name: "pl-1" },
          ],
        },
        { protocol: "-1", peers: [{ kind: "group", name: "sg-all" }] },
      ],
    });
    expect(calls).toMatchObject([
      {
        region: "eu-central-2",
        input: { Filters: [{ Name: "group-id", Values: ["sg-1"] }] },
      },
    ]);
  });

  it("have no group that is not there, and a refusal is no answer", async () => {
    answers.set("DescribeSecurityGroups", () => ({ SecurityGroups: [] }));
    expect(await networks.group("eu-west-1", "sg-1")).toBeUndefined();
    refuse("DescribeSecurityGroups", "UnauthorizedOperation", 403);
    await expect(networks.group("eu-west-1", "sg-1")).rejects.toMatchObject({
      ...{ code: "CloudRefused", message: expect.stringContaining("sg-1 of eu-west-1") },
    });
    refuse("DescribeSecurityGroups", "RequestLimitExceeded", 503);
    await expect(networks.group("eu-west-1", "sg-1")).rejects.toMatchObject({
      code: "CloudThrottled",
    });
    await expect(networks.group("eu-lost-1", "sg-1")).rejects.toMatchObject({
      code: "CloudUnreachable",
    });
  });

  it("say of subnets where they lie", async () => {
    answers.set("DescribeSubnets", () => ({
      Subnets: [{ SubnetId: "subnet-3a", VpcId: "vpc-3", AvailabilityZone: "eu-west-1a" }],
    }));
    expect(await networks.subnets(["subnet-3a", "subnet-3b"])).toEqual([
      { id: "subnet-3a", vpc: "vpc-3", zone: "eu-west-1a" },
    ]);
    expect(calls).toMatchObject([
      { input: { Filters: [{ Name: "subnet-id", Values: ["subnet-3a", "subnet-3b"] }] } },
    ]);
  });
});
