import * as secretsManager from "@aws-sdk/client-secrets-manager";
import { afterAll, describe, expect, it, vi } from "vitest";
import { destinationSecrets } from "../../../functions/aws/destination-secrets.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { AwsError } from "../../../lib/local-cloud/wire/service.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

let answer: () => unknown = () => ({});
const cloud = await running([
  {
    ...{ name: "secretsmanager", client: secretsManager },
    operations: { GetSecretValue: async () => answer() },
  },
]);
vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
vi.stubEnv("AWS_REGION", "eu-west-1");
vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
const secrets = destinationSecrets(clockFrom({ SLA_PACE: "60" }));

afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud.server.close();
});

describe("the secret of a destination", () => {
  it("is read as it is", async () => {
    answer = () => ({ SecretString: '{"username": "sla"}' });
    expect(await secrets.read("acme/destination")).toBe('{"username": "sla"}');
  });

  it("is no text where it is binary", async () => {
    answer = () => ({ SecretBinary: Buffer.from("x") });
    expect(await secrets.read("acme/destination")).toBe("");
  });

  it.each(["ResourceNotFoundException", "InvalidRequestException"])(
    "is not there after %s",
    async (name) => {
      answer = () => {
        throw new AwsError(name, "no", 400);
      };
      expect(await secrets.read("acme/destination")).toBeUndefined();
    },
  );

  it("that we may not read is a fault of ours, not of the destination", async () => {
    answer = () => {
      throw new AwsError("AccessDeniedException", "no", 400);
    };
    await expect(secrets.read("acme/destination")).rejects.toMatchObject({ code: "CloudRefused" });
  });
});
