import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
} from "@aws-sdk/client-kms";
import { afterAll, expect, it } from "vitest";
import { kmsService } from "../../../lib/local-cloud/kms/service.ts";
import { Keys } from "../../../lib/local-cloud/rds/keys.ts";
import { running } from "../wire/running.ts";

const REGION = "eu-central-1";
const keys = new Keys();
const cloud = await running([kmsService("111111111111", keys).definition]);
const client = new KMSClient(cloud.client(REGION));
afterAll(() => cloud.server.close());

const stateOf = async (KeyId: string) =>
  (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;

it("a key is disabled for its alias and for RDS as well, until it is enabled", async () => {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId ?? "";
  const alias = new CreateAliasCommand({ AliasName: "alias/acme", TargetKeyId: KeyId });
  await client.send(alias);
  await client.send(new DisableKeyCommand({ KeyId }));
  expect([await stateOf(KeyId), await stateOf("alias/acme")]).toEqual(["Disabled", "Disabled"]);
  expect(() => keys.check(REGION, "alias/acme")).toThrow(/not enabled/);
  await client.send(new EnableKeyCommand({ KeyId }));
  expect(await stateOf("alias/acme")).toBe("Enabled");
  expect(() => keys.check(REGION, "alias/acme")).not.toThrow();
});

it("an alias is of one key", async () => {
  const alias = new CreateAliasCommand({ AliasName: "alias/once", TargetKeyId: "one" });
  await client.send(alias);
  await expect(client.send(alias)).rejects.toMatchObject({ name: "AlreadyExistsException" });
});
