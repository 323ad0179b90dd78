import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterAll, describe, expect, it, vi } from "vitest";
import { webhookSecrets } from "../../../functions/aws/webhook-secrets.ts";
import { secretsManagerService } from "../../../lib/local-cloud/secrets-manager/service.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const { definition } = secretsManagerService({ account: "111111111111" });
const cloud = await running([definition]);
vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
vi.stubEnv("AWS_REGION", "eu-west-1");
vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud.server.close();
});

describe("the secret of a webhook", () => {
  it("is asked again after one that is missing, kept for five minutes, and while rotated both", async () => {
    const clock = new FakeClock("2026-11-22T03:00:00Z");
    const { read } = webhookSecrets(clock);
    const client = new SecretsManagerClient({});
    await expect(read("sla/pager")).rejects.toThrow(/can't find the specified secret/);
    await client.send(new CreateSecretCommand({ Name: "sla/pager", SecretString: "one" }));
    expect(await read("sla/pager")).toEqual(["one"]);
    await client.send(new PutSecretValueCommand({ SecretId: "sla/pager", SecretString: "two" }));
    expect(await read("sla/pager")).toEqual(["one"]);
    await clock.wait(300);
    expect(await read("sla/pager")).toEqual(["two", "one"]);
    await client.send(new PutSecretValueCommand({ SecretId: "sla/pager", SecretString: "three" }));
    await clock.wait(300);
    expect(await read("sla/pager")).toEqual(["three", "two"]);
  });
});
