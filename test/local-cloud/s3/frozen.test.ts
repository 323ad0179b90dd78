import * as s3 from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { running, SECRET } from "../wire/running.ts";

/** A day of retention is two seconds. */
const PACE = 86_400 / 2;
const DAYS = 2;
const DAY_MS = 86_400_000;
const service = s3Service({ secretAccessKey: SECRET, pace: PACE });
const cloud = await running([service.definition]);
const client = new s3.S3Client(cloud.client());
const Bucket = "sla-frozen-222222222222-eu-central-2";
const named = { Bucket, Key: "acme/dump" };

beforeAll(() =>
  service.createBucket(Bucket, "eu-central-2", { lock: { mode: "COMPLIANCE", days: DAYS } }),
);
afterAll(async () => {
  client.destroy();
  await cloud.server.close();
});

const frozen = async () => {
  const { VersionId } = await client.send(new s3.PutObjectCommand({ ...named, Body: "dump" }));
  const { Retention } = await client.send(
    new s3.GetObjectRetentionCommand({ ...named, VersionId }),
  );
  return { VersionId, until: Retention?.RetainUntilDate ?? new Date(0) };
};
const text = async (VersionId: string | undefined) => {
  const { Body } = await client.send(new s3.GetObjectCommand({ ...named, VersionId }));
  return Body?.transformToString();
};
const refused = (command: Promise<unknown>) =>
  expect(command).rejects.toMatchObject({ name: "AccessDenied" });

describe("an object in a bucket that locks", () => {
  it("is locked from its first moment, without anybody asking", async () => {
    const before = Date.now();
    const { VersionId, until } = await frozen();
    expect(Number(until) - before).toBeGreaterThanOrEqual(3500);
    const head = await client.send(new s3.HeadObjectCommand({ ...named, VersionId }));
    expect(head).toMatchObject({ ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: until });
  });

  it("yields neither to deletion, nor to a bypass, nor to a shorter retention, nor to governance", async () => {
    const { VersionId, until } = await frozen();
    const version = { ...named, VersionId };
    const bypass = { BypassGovernanceRetention: true };
    const retain = (Mode: s3.ObjectLockRetentionMode, RetainUntilDate: Date) =>
      client.send(
        new s3.PutObjectRetentionCommand({
          ...version,
          ...bypass,
          Retention: { Mode, RetainUntilDate },
        }),
      );
    await refused(client.send(new s3.DeleteObjectCommand(version)));
    await refused(client.send(new s3.DeleteObjectCommand({ ...version, ...bypass })));
    await refused(retain("COMPLIANCE", new Date(Number(until) - 1000)));
    await refused(retain("GOVERNANCE", until));
    const many = new s3.DeleteObjectsCommand({
      ...{ Bucket, ...bypass },
      Delete: { Objects: [{ Key: named.Key, VersionId }] },
    });
    expect((await client.send(many)).Errors).toMatchObject([{ Code: "AccessDenied" }]);
    expect(await text(VersionId)).toBe("dump");
  });

  it("stays with the bucket: neither that nor its versioning goes", async () => {
    await frozen();
    await expect(client.send(new s3.DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: "BucketNotEmpty",
    });
    const suspend = { Bucket, VersioningConfiguration: { Status: "Suspended" as const } };
    await expect(client.send(new s3.PutBucketVersioningCommand(suspend))).rejects.toMatchObject({
      name: "InvalidBucketState",
    });
  });

  it("keeps its retention when the bucket's is shortened", async () => {
    const { VersionId, until } = await frozen();
    const lock = (Days: number) =>
      client.send(
        new s3.PutObjectLockConfigurationCommand({
          Bucket,
          ObjectLockConfiguration: {
            ObjectLockEnabled: "Enabled",
            Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days } },
          },
        }),
      );
    await lock(1);
    await refused(client.send(new s3.DeleteObjectCommand({ ...named, VersionId })));
    await lock(DAYS);
    const { Retention } = await client.send(
      new s3.GetObjectRetentionCommand({ ...named, VersionId }),
    );
    expect(Retention?.RetainUntilDate).toEqual(until);
  });

  it("is not taken by a lifecycle rule before its time, and is afterwards", async () => {
    const { VersionId, until } = await frozen();
    await client.send(
      new s3.PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [
            {
              ...{ ID: "all", Status: "Enabled", Filter: { Prefix: "" } },
              Expiration: { Days: 1 },
              NoncurrentVersionExpiration: { NoncurrentDays: 1 },
            },
          ],
        },
      }),
    );
    const early = new Date(Number(until) - 100);
    service.applyLifecycle(Bucket, early);
    service.applyLifecycle(Bucket, early);
    // A marker hides it; the version is there.
    await expect(text(undefined)).rejects.toMatchObject({ name: "NoSuchKey" });
    expect(await text(VersionId)).toBe("dump");
    service.applyLifecycle(Bucket, new Date(Number(until) + DAY_MS));
    await expect(text(VersionId)).rejects.toMatchObject({ name: "NoSuchVersion" });
    await client.send(new s3.DeleteBucketLifecycleCommand({ Bucket }));
  });

  it("can be deleted once its time is over", async () => {
    const { VersionId, until } = await frozen();
    await refused(client.send(new s3.DeleteObjectCommand({ ...named, VersionId })));
    await expect.poll(() => Date.now(), { timeout: 20_000 }).toBeGreaterThanOrEqual(Number(until));
    await client.send(new s3.DeleteObjectCommand({ ...named, VersionId }));
    await expect(text(VersionId)).rejects.toMatchObject({ name: "NoSuchVersion" });
  });
});
