import * as secrets from "@aws-sdk/client-secrets-manager";
import { afterAll, describe, expect, it } from "vitest";
import { secretsManagerService } from "../../../lib/local-cloud/secrets-manager/service.ts";
import { running } from "../wire/running.ts";

const { definition } = secretsManagerService({ account: "111111111111" });
const cloud = await running([definition]);
const here = new secrets.SecretsManagerClient(cloud.client("eu-central-2"));
const there = new secrets.SecretsManagerClient(cloud.client("eu-central-1"));
afterAll(() => cloud.server.close());

const create = (Name: string, SecretString?: string) =>
  here.send(new secrets.CreateSecretCommand({ Name, SecretString }));
const get = async (SecretId: string | undefined, client = here, VersionStage?: string) =>
  (await client.send(new secrets.GetSecretValueCommand({ SecretId, VersionStage }))).SecretString;
const put = (SecretId: string, SecretString: string, client = here) =>
  client.send(new secrets.PutSecretValueCommand({ SecretId, SecretString }));

describe("a secret", () => {
  it("is read by name, by ARN and by ARN without its end", async () => {
    const { ARN } = await create("acme-db/sla", "one");
    expect(ARN).toMatch(
      /^arn:aws:secretsmanager:eu-central-2:111111111111:secret:acme-db\/sla-\w{6}$/,
    );
    expect(await get("acme-db/sla")).toBe("one");
    expect(await get(ARN)).toBe("one");
    expect(await get(ARN?.slice(0, -7))).toBe("one");
  });

  it("keeps the value before", async () => {
    await create("rotated", "one");
    await put("rotated", "two");
    await here.send(
      new secrets.UpdateSecretCommand({ SecretId: "rotated", SecretString: "three" }),
    );
    expect(await get("rotated")).toBe("three");
    expect(await get("rotated", here, "AWSPREVIOUS")).toBe("two");
  });

  it("is put once for one token", async () => {
    await create("token", "one");
    const again = { SecretId: "token", SecretString: "two", ClientRequestToken: "t".repeat(32) };
    const first = await here.send(new secrets.PutSecretValueCommand(again));
    expect(await here.send(new secrets.PutSecretValueCommand(again))).toMatchObject({
      VersionId: first.VersionId,
    });
    const other = new secrets.PutSecretValueCommand({ ...again, SecretString: "three" });
    await expect(here.send(other)).rejects.toBeInstanceOf(secrets.ResourceExistsException);
  });

  it("has one owner of its name and is unknown elsewhere", async () => {
    await create("single", "one");
    await expect(create("single", "two")).rejects.toBeInstanceOf(secrets.ResourceExistsException);
    await expect(get("single", there)).rejects.toBeInstanceOf(secrets.ResourceNotFoundException);
  });

  it("without a value is found, its value is not", async () => {
    await create("hollow");
    await expect(get("hollow")).rejects.toBeInstanceOf(secrets.ResourceNotFoundException);
  });

  it("may be bytes", async () => {
    const SecretBinary = new Uint8Array([0, 255, 1]);
    await here.send(new secrets.CreateSecretCommand({ Name: "bytes", SecretBinary }));
    const read = await here.send(new secrets.GetSecretValueCommand({ SecretId: "bytes" }));
    expect(read.SecretBinary).toEqual(SecretBinary);
  });

  it("is deleted with or without a way back", async () => {
    await create("gone", "one");
    await here.send(new secrets.DeleteSecretCommand({ SecretId: "gone" }));
    await expect(get("gone")).rejects.toBeInstanceOf(secrets.InvalidRequestException);
    await here.send(new secrets.RestoreSecretCommand({ SecretId: "gone" }));
    expect(await get("gone")).toBe("one");
    const force = { SecretId: "gone", ForceDeleteWithoutRecovery: true };
    await here.send(new secrets.DeleteSecretCommand(force));
    await expect(get("gone")).rejects.toBeInstanceOf(secrets.ResourceNotFoundException);
  });
});

describe("a replica", () => {
  it("follows its primary, is read-only, and is made to stand alone", async () => {
    await create("shared", "one");
    const AddReplicaRegions = [{ Region: "eu-central-1" }];
    await here.send(
      new secrets.ReplicateSecretToRegionsCommand({ SecretId: "shared", AddReplicaRegions }),
    );
    await put("shared", "two");
    expect(await get("shared", there)).toBe("two");
    await expect(put("shared", "x", there)).rejects.toBeInstanceOf(secrets.InvalidRequestException);
    const described = await here.send(new secrets.DescribeSecretCommand({ SecretId: "shared" }));
    expect(described.ReplicationStatus).toMatchObject([
      { Region: "eu-central-1", Status: "InSync" },
    ]);
    await there.send(new secrets.StopReplicationToReplicaCommand({ SecretId: "shared" }));
    await put("shared", "three", there);
    expect([await get("shared"), await get("shared", there)]).toEqual(["two", "three"]);
  });
});

it("lists in pages", async () => {
  const client = new secrets.SecretsManagerClient(cloud.client("eu-west-1"));
  for (const Name of ["a", "b", "c"]) await client.send(new secrets.CreateSecretCommand({ Name }));
  const names = [];
  for await (const page of secrets.paginateListSecrets({ client, pageSize: 2 }, {}))
    names.push(page.SecretList?.map(({ Name }) => Name));
  expect(names).toEqual([["a", "b"], ["c"]]);
});

it("never writes a value to the event log", () => {
  expect(JSON.stringify(cloud.log.all())).not.toMatch(/"(one|two|three)"/);
});
