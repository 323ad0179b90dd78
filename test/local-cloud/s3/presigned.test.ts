import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { HttpRequest } from "@smithy/core/protocols";
import { afterAll, describe, expect, it } from "vitest";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { running, SECRET } from "../wire/running.ts";

const service = s3Service({ secretAccessKey: SECRET });
const cloud = await running([service.definition]);
service.createBucket("files", "eu-central-2");
service.putObject("files", "dump one.gz", Buffer.from("content"));
afterAll(() => cloud.server.close());

interface Signing {
  method?: string;
  path?: string;
  secretAccessKey?: string;
  expiresIn?: number;
  signingDate?: Date;
}

async function presign({ method = "GET", path = "/files/dump%20one.gz", ...more }: Signing) {
  const { secretAccessKey = SECRET, expiresIn = 60, signingDate = new Date() } = more;
  const credentials = { accessKeyId: "local", secretAccessKey };
  const client = new S3Client({ ...cloud.client(), credentials });
  const signer = await client.config.signer(undefined as never);
  const { hostname, port, host } = new URL(cloud.url);
  const request = new HttpRequest({
    method,
    protocol: "http:",
    hostname,
    port: Number(port),
    path,
    // As s3-request-presigner does: the URL says nothing of a body.
    headers: { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
  });
  if (!("presign" in signer)) throw new Error("the signer cannot presign");
  const signed = await (signer as Presigner).presign(request, { expiresIn, signingDate });
  client.destroy();
  return `${cloud.url}${signed.path}?${new URLSearchParams(signed.query)}`;
}

interface Presigner {
  presign(
    request: HttpRequest,
    options: { expiresIn: number; signingDate: Date },
  ): Promise<{ path: string; query: Record<string, string> }>;
}

async function outcome(url: string, init: RequestInit = {}) {
  const answer = await fetch(url, init);
  const text = await answer.text();
  return `${answer.status} ${/<Code>(\w+)/.exec(text)?.[1] ?? text}`;
}

describe("a presigned URL", () => {
  it("opens what it was made for", async () => {
    expect(await outcome(await presign({}))).toBe("200 content");
  });

  it("lets nothing else be done", async () => {
    const url = await presign({});
    expect(await outcome(url, { method: "DELETE" })).toBe("403 SignatureDoesNotMatch");
    expect(await outcome(url.replace("dump%20one", "dump%20two"))).toBe(
      "403 SignatureDoesNotMatch",
    );
  });

  it("may carry an upload", async () => {
    const url = await presign({ method: "PUT", path: "/files/up" });
    expect(await outcome(url, { method: "PUT", body: "sent" })).toBe("200 ");
    expect(await outcome(await presign({ path: "/files/up" }))).toBe("200 sent");
  });

  it.for([
    ["with another secret", { secretAccessKey: "guessed" }, "403 SignatureDoesNotMatch"],
    ["that has expired", { signingDate: new Date(Date.now() - 61_000) }, "403 AccessDenied"],
  ] as const)("%s is refused", async ([, signing, expected]) => {
    expect(await outcome(await presign(signing))).toBe(expected);
  });

  it("with a longer life than was signed is refused", async () => {
    const url = (await presign({})).replace("X-Amz-Expires=60", "X-Amz-Expires=6000");
    expect(await outcome(url)).toBe("403 SignatureDoesNotMatch");
  });

  it("is needed: an anonymous request is refused", async () => {
    expect(await outcome(`${cloud.url}/files/up`)).toBe("403 AccessDenied");
  });
});

it("a request signed in its header with another secret is refused", async () => {
  const credentials = { accessKeyId: "local", secretAccessKey: "guessed" };
  const client = new S3Client({ ...cloud.client(), credentials });
  const list = client.send(new ListObjectsV2Command({ Bucket: "files" }));
  await expect(list).rejects.toMatchObject({
    name: "SignatureDoesNotMatch",
    $metadata: { httpStatusCode: 403 },
  });
  client.destroy();
});
