import * as sts from "@aws-sdk/client-sts";
import { afterAll, expect, it } from "vitest";
import { stsService } from "../../../lib/local-cloud/sts/service.ts";
import { running, SECRET } from "../wire/running.ts";

const cloud = await running([
  stsService({ account: "111111111111", secretAccessKey: SECRET }).definition,
]);
const client = new sts.STSClient(cloud.client());
afterAll(() => cloud.server.close());

it("says whose account it is", async () => {
  const identity = await client.send(new sts.GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({
    Account: "111111111111",
    Arn: "arn:aws:iam::111111111111:root",
  });
});

it("gives credentials of a role that then is the caller", async () => {
  const RoleArn = "arn:aws:iam::222222222222:role/frozen/writer";
  const assume = new sts.AssumeRoleCommand({ RoleArn, RoleSessionName: "test" });
  const { Credentials } = await client.send(assume);
  const assumed = new sts.STSClient({
    ...cloud.client(),
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    },
  });
  expect(await assumed.send(new sts.GetCallerIdentityCommand({}))).toMatchObject({
    Account: "222222222222",
    Arn: "arn:aws:sts::222222222222:assumed-role/writer/test",
  });
});

it("assumes nothing that is no role", async () => {
  const assume = new sts.AssumeRoleCommand({ RoleArn: "arn:x".repeat(5), RoleSessionName: "test" });
  await expect(client.send(assume)).rejects.toMatchObject({ name: "ValidationError" });
});
