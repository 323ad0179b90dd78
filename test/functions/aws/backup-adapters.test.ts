import * as rds from "@aws-sdk/client-rds";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { rdsCopying, rdsRemoving, rdsTaking } from "../../../functions/aws/rds-shelf.ts";
import { rdsSnapshots } from "../../../functions/aws/rds-snapshots.ts";
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
const OPERATIONS = [
  ...["DescribeDBSnapshots", "CreateDBSnapshot", "CopyDBSnapshot"],
  ...["DeleteDBSnapshot", "AddTagsToResource"],
];
const operations = Object.fromEntries(
  OPERATIONS.map((operation) => [
    operation,
    async (input: Record<string, unknown>, { region }: { region: string }) => {
      calls.push({ operation, region, input });
      return answers.get(operation)?.(input) ?? {};
    },
  ]),
);
const cloud = await running([{ name: "rds", client: rds, operations }], {
  isCutOff: (region) => region === "eu-lost-1",
});
vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
vi.stubEnv("AWS_REGION", "eu-west-1");
vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
const clock = clockFrom({ SLA_PACE: "60" });
const HERE = { account: "111111111111", region: "eu-west-1" };
const ID = "sla-acme-20261121t030000z";
const TAGS = { "sla:managed": "true", "sla:instance": "acme" };
const TAG_LIST = [
  { Key: "sla:managed", Value: "true" },
  { Key: "sla:instance", Value: "acme" },
];

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

describe("a list of snapshots", () => {
  it("has all pages, of manual ones, with the time of their data", async () => {
    const taken = new Date("2026-11-21T03:00:07Z");
    const copied = new Date("2026-11-21T05:00:00Z");
    answers.set("DescribeDBSnapshots", ({ Marker }) =>
      Marker === undefined
        ? {
            Marker: "next",
            DBSnapshots: [
              {
                ...{ DBSnapshotIdentifier: ID, Status: "available", KmsKeyId: "arn:key" },
                ...{ SnapshotDatabaseTime: taken, SnapshotCreateTime: copied, TagList: TAG_LIST },
                SourceDBSnapshotIdentifier: "arn:aws:rds:eu-central-2:111111111111:snapshot:x",
              },
            ],
          }
        : { DBSnapshots: [{ DBSnapshotIdentifier: "new", Status: "creating" }] },
    );
    expect(await rdsSnapshots(clock).list("eu-central-1")).toEqual([
      {
        ...{ id: ID, region: "eu-central-1", status: "available", isCopy: true, key: "arn:key" },
        ...{ takenAt: "2026-11-21T03:00:07.000Z", tags: TAGS },
      },
      { id: "new", region: "eu-central-1", status: "creating", isCopy: false, tags: {} },
    ]);
    expect(calls.map(({ region, input }) => [region, input["SnapshotType"]])).toEqual([
      ["eu-central-1", "manual"],
      ["eu-central-1", "manual"],
    ]);
  });

  it("goes by when the original was made where no database time is known", async () => {
    const made = new Date("2026-11-20T03:00:00Z");
    const snapshot = { DBSnapshotIdentifier: ID, Status: "available" };
    answers.set("DescribeDBSnapshots", () => ({
      DBSnapshots: [
        { ...snapshot, OriginalSnapshotCreateTime: made, SnapshotCreateTime: new Date() },
      ],
    }));
    const [only] = await rdsSnapshots(clock).list("eu-central-1");
    expect(only?.takenAt).toBe("2026-11-20T03:00:00.000Z");
  });

  it("of a lost region is no list", async () => {
    await expect(rdsSnapshots(clock).list("eu-lost-1")).rejects.toMatchObject({
      code: "CloudUnreachable",
    });
  });
});

describe("a snapshot", () => {
  const order = { id: ID, database: "acme-db", tags: TAGS };

  it("is taken with its tags", async () => {
    expect(await rdsTaking(clock, HERE).take(order)).toEqual({ id: ID, answer: "accepted" });
    expect(calls).toMatchObject([
      {
        operation: "CreateDBSnapshot",
        region: "eu-west-1",
        input: { DBSnapshotIdentifier: ID, DBInstanceIdentifier: "acme-db", Tags: TAG_LIST },
      },
    ]);
  });

  it("is copied to here, under the key of here, from an original elsewhere", async () => {
    const copy = { id: ID, from: "eu-central-2", tags: TAGS };
    expect(await rdsCopying(clock, HERE).copy(copy)).toEqual({ id: ID, answer: "accepted" });
    expect(calls).toMatchObject([
      {
        operation: "CopyDBSnapshot",
        region: "eu-west-1",
        input: {
          SourceDBSnapshotIdentifier: `arn:aws:rds:eu-central-2:111111111111:snapshot:${ID}`,
          TargetDBSnapshotIdentifier: ID,
          KmsKeyId: "alias/sla-backups",
          Tags: TAG_LIST,
          PreSignedUrl: expect.stringContaining("rds.eu-central-2."),
        },
      },
    ]);
  });

  it.each([
    ["DBSnapshotAlreadyExists", "already"],
    ["InvalidDBInstanceState", "later"],
    ["SnapshotQuotaExceeded", "refused"],
    ["DBInstanceNotFound", "refused"],
    ["AccessDenied", "refused"],
    ["Throttling", "later"],
  ])("that RDS answers with %s is %s, in its words", async (code, answer) => {
    refuse("CreateDBSnapshot", code);
    const outcome = await rdsTaking(clock, HERE).take(order);
    expect(outcome).toMatchObject({ id: ID, answer });
    expect(outcome.said).toContain(`${code} it says`);
  });

  it.each([
    ["KMSKeyNotAccessibleFault", "refused"],
    ["InvalidDBSnapshotState", "later"],
    ["DBSnapshotNotFound", "already"],
  ])("whose copy RDS answers with %s is %s", async (code, answer) => {
    refuse("CopyDBSnapshot", code);
    const copy = { id: ID, from: "eu-central-2", tags: TAGS };
    expect(await rdsCopying(clock, HERE).copy(copy)).toMatchObject({ answer });
  });

  it("gets its tags back by its name in here", async () => {
    await rdsCopying(clock, HERE).retag({ id: ID, tags: TAGS });
    expect(calls[0]?.input).toMatchObject({
      ResourceName: `arn:aws:rds:eu-west-1:111111111111:snapshot:${ID}`,
      Tags: TAG_LIST,
    });
  });

  it("is looked at, or is not there", async () => {
    const removing = rdsRemoving(clock, HERE);
    answers.set("DescribeDBSnapshots", () => ({
      DBSnapshots: [{ DBSnapshotIdentifier: ID, Status: "failed", TagList: TAG_LIST }],
    }));
    expect(await removing.look(ID)).toMatchObject({ id: ID, status: "failed", tags: TAGS });
    refuse("DescribeDBSnapshots", "DBSnapshotNotFound", 404);
    expect(await removing.look(ID)).toBeUndefined();
    refuse("DescribeDBSnapshots", "AccessDenied", 403);
    await expect(removing.look(ID)).rejects.toMatchObject({ code: "CloudRefused" });
  });

  it.each([
    ["DBSnapshotNotFound", 404, "already"],
    ["InvalidDBSnapshotState", 400, "later"],
    ["AccessDenied", 403, "refused"],
  ])("whose deletion RDS answers with %s is %s", async (code, status, answer) => {
    refuse("DeleteDBSnapshot", code, status);
    expect(await rdsRemoving(clock, HERE).remove(ID)).toMatchObject({ answer });
  });
});
