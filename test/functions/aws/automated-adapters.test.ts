import * as rds from "@aws-sdk/client-rds";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { rdsAutomatedBackups } from "../../../functions/aws/rds-automated.ts";
import { rdsShipping } from "../../../functions/aws/rds-shipping.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { ship } from "../../../functions/ship/ship.ts";
import { AwsError } from "../../../lib/local-cloud/wire/service.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

interface Call {
  readonly operation: string;
  readonly region: string;
  readonly input: Record<string, unknown>;
}

const [START, STOP] = [
  "StartDBInstanceAutomatedBackupsReplication",
  "StopDBInstanceAutomatedBackupsReplication",
] as const;
const calls: Call[] = [];
const answers = new Map<string, (input: Record<string, unknown>) => unknown>();
const operations = Object.fromEntries(
  ["DescribeDBInstanceAutomatedBackups", START, STOP].map((operation) => [
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
const ARN = "arn:aws:rds:eu-central-2:111111111111:db:acme-db";
const SOURCE = { region: "eu-central-2", database: "acme-db" };
const TAGS = { "sla:managed": "true", "sla:instance": "acme" };
const TAG_LIST = [
  { Key: "sla:managed", Value: "true" },
  { Key: "sla:instance", Value: "acme" },
];
const shipping = () => rdsShipping(clock, { account: "111111111111", region: "eu-west-1" });

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

describe("a list of automated backups", () => {
  it("has all pages, each with what it is of and to when it can be restored", async () => {
    const latest = new Date("2026-11-21T03:00:07Z");
    answers.set("DescribeDBInstanceAutomatedBackups", ({ Marker }) =>
      Marker === undefined
        ? {
            Marker: "next",
            DBInstanceAutomatedBackups: [
              {
                ...{ DBInstanceArn: ARN, Region: "eu-central-2", Status: "replicating" },
                RestoreWindow: { EarliestTime: new Date(0), LatestTime: latest },
                TagList: TAG_LIST,
              },
            ],
          }
        : { DBInstanceAutomatedBackups: [{ DBInstanceArn: ARN, Status: "pending" }, {}] },
    );
    expect(await rdsAutomatedBackups(clock).list("eu-west-1")).toEqual([
      {
        ...{ region: "eu-west-1", source: SOURCE, status: "replicating", tags: TAGS },
        latest: "2026-11-21T03:00:07.000Z",
      },
      { region: "eu-west-1", source: SOURCE, status: "pending", tags: {} },
    ]);
    expect(calls.map(({ region }) => region)).toEqual(["eu-west-1", "eu-west-1"]);
  });

  it("of a lost region is no list", async () => {
    await expect(rdsAutomatedBackups(clock).list("eu-lost-1")).rejects.toMatchObject({
      code: "CloudUnreachable",
    });
  });
});

describe("a replication", () => {
  const order = { source: SOURCE, days: 8, tags: TAGS };

  it("is begun in the region that it leads to, under that region's key, with its tags", async () => {
    expect(await shipping().start(order)).toEqual({ id: "acme-db", answer: "accepted" });
    expect(calls).toEqual([
      {
        ...{ operation: START, region: "eu-west-1" },
        input: {
          ...{ SourceDBInstanceArn: ARN, BackupRetentionPeriod: 8 },
          ...{ KmsKeyId: "alias/sla-backups", Tags: TAG_LIST },
          PreSignedUrl: expect.stringContaining("rds.eu-central-2."),
        },
      },
    ]);
  });

  it("is ended there as well", async () => {
    expect(await shipping().stop({ source: SOURCE })).toEqual({
      ...{ id: "acme-db", answer: "accepted" },
    });
    expect(calls).toEqual([
      { operation: STOP, region: "eu-west-1", input: { SourceDBInstanceArn: ARN } },
    ]);
  });

  it.each([
    ["InvalidDBInstanceAutomatedBackupState", "already"],
    ["InvalidDBInstanceState", "later"],
    ["DBInstanceAutomatedBackupQuotaExceeded", "refused"],
    ["KMSKeyNotAccessibleFault", "refused"],
    ["StorageTypeNotSupported", "refused"],
    ["AccessDenied", "refused"],
    ["Throttling", "later"],
  ])("that RDS answers with %s is %s, in its words", async (code, answer) => {
    refuse(START, code);
    const outcome = await shipping().start(order);
    expect(outcome).toMatchObject({ id: "acme-db", answer });
    expect(outcome.said).toContain(`${code} it says`);
  });

  it("that cannot be begun keeps no other from ending, and each is told by itself", async () => {
    refuse(START, "InternalFailure", 500);
    const request = { starts: [order], stops: [{ source: { ...SOURCE, database: "old-db" } }] };
    expect((await ship(request, shipping())).outcomes).toMatchObject([
      { id: "acme-db", answer: "later", said: expect.stringContaining("CloudUnreachable") },
      { id: "old-db", answer: "accepted" },
    ]);
    expect(calls[0]?.operation).toBe(STOP);
  });
});
