import * as rds from "@aws-sdk/client-rds";
import * as sfn from "@aws-sdk/client-sfn";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { rdsRemovals } from "../../../functions/aws/rds-removals.ts";
import { rdsReplicas } from "../../../functions/aws/rds-replicas.ts";
import { sfnReprotects } from "../../../functions/aws/sfn-reprotects.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { AwsError } from "../../../lib/local-cloud/wire/service.ts";
import { STANDBY_TAGS } from "../../../lib/sla/database-tags.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

interface Call {
  readonly operation: string;
  readonly region: string;
  readonly input: Record<string, unknown>;
}

const calls: Call[] = [];
const answers = new Map<string, () => unknown>();
const answering = (operation: string) => [
  operation,
  async (input: Record<string, unknown>, { region }: { region: string }) => {
    calls.push({ operation, region, input });
    return answers.get(operation)?.() ?? {};
  },
];
const service = (name: string, client: object, ...operations: readonly string[]) => ({
  name,
  client,
  operations: Object.fromEntries(operations.map(answering)),
});

const cloud = await running(
  [
    service(
      ...(["rds", rds, "DescribeDBInstances", "CreateDBInstanceReadReplica"] as const),
      ...(["ModifyDBInstance", "DeleteDBInstance"] as const),
    ),
    { ...service("states", sfn, "StartExecution"), signingNames: ["states"] },
  ],
  { isCutOff: (region) => region === "eu-lost-1" },
);
vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
vi.stubEnv("AWS_REGION", "eu-west-1");
vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
const clock = clockFrom({ SLA_PACE: "60" });

beforeEach(() => {
  calls.length = 0;
  answers.clear();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud.server.close();
});

const refusing =
  (code: string, status = 400) =>
  () => {
    throw new AwsError(code, `${code} it says`, status);
  };
const SEAT = { region: "eu-central-2", database: "acme-db-sla2" };
const SOURCE = "arn:aws:rds:eu-central-1:111111111111:db:acme-db-standby";
const ORDER = {
  ...{ source: SOURCE, groups: ["sg-2"], parameterGroup: "odoo-15", multiAz: true },
  tags: STANDBY_TAGS,
};

describe("a replica", () => {
  it("is asked for where it is to live, protected, in the old network, under its key", async () => {
    const order = { ...ORDER, subnetGroup: "private", kmsKey: "arn:aws:kms:key/1" };
    expect(await rdsReplicas(clock).create(SEAT, order)).toBe("accepted");
    expect(calls).toMatchObject([
      {
        region: "eu-central-2",
        input: {
          DBInstanceIdentifier: "acme-db-sla2",
          SourceDBInstanceIdentifier: SOURCE,
          VpcSecurityGroupIds: ["sg-2"],
          DBParameterGroupName: "odoo-15",
          DBSubnetGroupName: "private",
          KmsKeyId: "arn:aws:kms:key/1",
          MultiAZ: true,
          CopyTagsToSnapshot: true,
          DeletionProtection: true,
          Tags: [
            { Key: "sla:kept", Value: "true" },
            { Key: "sla:standby", Value: "true" },
          ],
        },
      },
    ]);
    expect(calls[0]?.input).toHaveProperty("PreSignedUrl");
  });

  it.each([
    ["is there already", "DBInstanceAlreadyExists", 400, "accepted"],
    ["has a source that is busy", "InvalidDBInstanceState", 400, "wrong-state"],
    [
      "is one too many",
      "InstanceQuotaExceeded",
      400,
      { refused: expect.stringContaining("Quota") },
    ],
    [
      "has no such group",
      "DBParameterGroupNotFound",
      404,
      { refused: expect.stringContaining("Group") },
    ],
    ["is asked for wrongly", "InvalidParameterCombination", 400, { refused: expect.any(String) }],
  ])("that %s", async (_what, code, status, answer) => {
    answers.set("CreateDBInstanceReadReplica", refusing(code, status));
    expect(await rdsReplicas(clock).create(SEAT, ORDER)).toEqual(answer);
  });

  it("is not refused by a region that does not answer, nor by permissions", async () => {
    const replicas = rdsReplicas(clock);
    await expect(replicas.create({ ...SEAT, region: "eu-lost-1" }, ORDER)).rejects.toMatchObject({
      code: "CloudUnreachable",
    });
    answers.set("CreateDBInstanceReadReplica", refusing("AccessDenied", 403));
    await expect(replicas.create(SEAT, ORDER)).rejects.toMatchObject({ code: "CloudRefused" });
  });

  it("gets from its model what it needs as well; a key only if that one has one", async () => {
    const model = { DBInstanceIdentifier: "acme-db", MultiAZ: true, KmsKeyId: "key" };
    const DBSubnetGroup = { DBSubnetGroupName: "private" };
    const found = (StorageEncrypted: boolean) => () => ({
      DBInstances: [{ ...model, DBSubnetGroup, StorageEncrypted }],
    });
    answers.set("DescribeDBInstances", found(true));
    const seat = { ...SEAT, database: "acme-db" };
    expect(await rdsReplicas(clock).model(seat)).toEqual({
      ...{ multiAz: true, subnetGroup: "private", kmsKey: "key" },
    });
    answers.set("DescribeDBInstances", found(false));
    expect(await rdsReplicas(clock).model(seat)).not.toHaveProperty("kmsKey");
    answers.set("DescribeDBInstances", refusing("DBInstanceNotFound", 404));
    expect(await rdsReplicas(clock).model(seat)).toBeUndefined();
  });

  it("is told at once to keep backups", async () => {
    expect(await rdsReplicas(clock).keepBackups(SEAT, 7)).toBe("accepted");
    expect(calls).toMatchObject([
      {
        operation: "ModifyDBInstance",
        input: { BackupRetentionPeriod: 7, ApplyImmediately: true },
      },
    ]);
  });
});

describe("the machine that builds a standby", () => {
  const request = {
    ...{ instance: "acme", incident: "i1", epoch: 2, reason: "failed over" },
    trigger: "failover",
  } as const;
  const reprotects = sfnReprotects({ account: "111111111111", clock });

  it("is started in the owner's region under a name that the epoch gives", async () => {
    await reprotects.start("eu-west-1", request);
    expect(calls).toMatchObject([
      {
        region: "eu-west-1",
        input: {
          name: "rp-acme-e2",
          stateMachineArn: "arn:aws:states:eu-west-1:111111111111:stateMachine:sla-reprotect",
        },
      },
    ]);
  });

  it("is not started twice", async () => {
    answers.set("StartExecution", refusing("ExecutionAlreadyExists"));
    await expect(reprotects.start("eu-west-1", request)).resolves.toBeUndefined();
  });

  it("is missed where the region does not answer", async () => {
    await expect(reprotects.start("eu-lost-1", request)).rejects.toMatchObject({
      code: "CloudUnreachable",
    });
  });
});

describe("a standby that is given up", () => {
  it("loses its protection, then is deleted as RDS wants it of a replica; its backups stay", async () => {
    const removals = rdsRemovals(clock);
    expect(await removals.unprotect(SEAT)).toBe("accepted");
    expect(await removals.remove(SEAT)).toBe("accepted");
    expect(calls.map(({ operation, region }) => [operation, region])).toEqual([
      ["ModifyDBInstance", "eu-central-2"],
      ["DeleteDBInstance", "eu-central-2"],
    ]);
    expect(calls[0]?.input).toMatchObject({ DeletionProtection: false, ApplyImmediately: true });
    expect(calls[1]?.input).toEqual({
      ...{ DBInstanceIdentifier: "acme-db-sla2", SkipFinalSnapshot: true },
      DeleteAutomatedBackups: false,
    });
  });

  it.each([
    ["InvalidDBInstanceState", "wrong-state"],
    ["DBInstanceNotFound", "gone"],
  ] as const)("answers %s as %s", async (code, answer) => {
    answers.set("DeleteDBInstance", refusing(code, code === "DBInstanceNotFound" ? 404 : 400));
    expect(await rdsRemovals(clock).remove(SEAT)).toBe(answer);
  });
});

it("an execution that gives a standby up is named after epoch and hour", async () => {
  const request = {
    ...{ instance: "acme", incident: "i1", epoch: 4, reason: "5 %" },
    trigger: "watch",
    drop: { belowPercent: 10, hour: "2026-11-21T10:00:00.000Z" },
  } as const;
  await sfnReprotects({ account: "111111111111", clock }).start("eu-central-1", request);
  expect(calls[0]?.input).toMatchObject({ name: "rp-acme-e4-drop-20261121100000" });
});
