import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, it, vi } from "vitest";
import { s3Signer } from "../../../functions/aws/s3-signer.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const KEY = "acme/b1/database.dump";
const FILE = "acme-2026-11-22T1400Z.dump";

const service = s3Service({ secretAccessKey: SECRET });
const cloud = await running([service.definition]);
service.createBucket("frozen", "eu-west-1");
service.putObject("frozen", KEY, Buffer.from("0123456789"));
service.putObject("frozen", "birch/b1/database.dump", Buffer.from("another's"));
service.createBucket("replica", "eu-west-1", { versioning: true });
const KEY_OF_ONE = "files/acme/1a/1a0f ü+&'.pdf";
const client = new S3Client(cloud.client("eu-west-1"));
const VERSIONS: string[] = [];
for (const Body of ["one", "two"]) {
  const put = new PutObjectCommand({ Bucket: "replica", Key: KEY_OF_ONE, Body });
  VERSIONS.push((await client.send(put)).VersionId ?? "");
}
client.destroy();
vi.stubEnv("AWS_REGION", "eu-west-1");
vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
afterAll(() => cloud.server.close());

/** On the local cloud; a quarter of an hour is five seconds at least, as everywhere. */
function signed(method: "GET" | "HEAD", pace = "60") {
  vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
  return s3Signer(clockFrom({ SLA_PACE: pace }), "frozen").sign(method, { key: KEY, file: FILE });
}

describe("what one click opens of files", () => {
  const versions = async (method: "GET" | "HEAD" = "GET", file = "1a0f.pdf") => {
    vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
    const signer = s3Signer(clockFrom({}), "replica");
    const urls = VERSIONS.map((versionId) =>
      signer.sign(method, { key: KEY_OF_ONE, versionId, file }),
    );
    return Promise.all(urls);
  };
  it("is the version that was asked for, however many came after it", async () => {
    const texts = (await versions()).map(async (url) => (await fetch(url)).text());
    expect(await Promise.all(texts)).toEqual(["one", "two"]);
  });

  it("is no other version, and no other key", async () => {
    const [url = ""] = await versions();
    const [one = "", two = ""] = VERSIONS;
    for (const changed of [url.replace(one, two), url.replace("/acme/", "/birch/")]) {
      expect(changed).not.toBe(url);
      expect((await fetch(changed)).status).toBe(403);
    }
  });

  it.each([
    ["1a0f.pdf", 'attachment; filename="1a0f.pdf"'],
    ["ü \"';.pdf", "attachment; filename*=UTF-8''%C3%BC%20%22%27%3B.pdf"],
    ["a\r\nx: y", "attachment; filename*=UTF-8''a%0D%0Ax%3A%20y"],
  ])("is saved as %j, byte for byte", async (file, disposition) => {
    const [url = ""] = await versions("HEAD", file);
    const { headers } = await fetch(url, { method: "HEAD" });
    expect(headers.get("content-disposition")).toBe(disposition);
    expect(headers.get("content-encoding")).toBe("identity");
    expect(headers.get("content-type")).toBe("application/octet-stream");
  });
});

describe("what one click opens", () => {
  it("is the dump under the name it has for people, from any byte on", async () => {
    const url = await signed("GET");
    const whole = await fetch(url);
    expect([whole.status, await whole.text()]).toEqual([200, "0123456789"]);
    expect(whole.headers.get("content-disposition")).toBe(`attachment; filename="${FILE}"`);
    expect(whole.headers.get("content-type")).toBe("application/octet-stream");
    const rest = await fetch(url, { headers: { range: "bytes=7-" } });
    expect([rest.status, await rest.text()]).toEqual([206, "789"]);
    expect(rest.headers.get("content-range")).toBe("bytes 7-9/10");
    const beyond = await fetch(url, { headers: { range: "bytes=10-" } });
    expect(beyond.status).toBe(416);
  });

  it("says its size and its name to who looks first", async () => {
    const looked = await fetch(await signed("HEAD"), { method: "HEAD" });
    expect(looked.status).toBe(200);
    expect(looked.headers.get("content-length")).toBe("10");
    expect(looked.headers.get("accept-ranges")).toBe("bytes");
    expect(looked.headers.get("content-disposition")).toBe(`attachment; filename="${FILE}"`);
  });

  it.each([
    ["another instance's dump", (url: string) => url.replace("/acme/", "/birch/")],
    ["a way round", (url: string) => url.replace("/acme/", "/acme/../birch/")],
    ["another name for it", (url: string) => url.replace("2026", "2025")],
    ["more time", (url: string) => url.replace(/X-Amz-Expires=\d+/, "X-Amz-Expires=604800")],
    ["another version", (url: string) => `${url}&versionId=1`],
  ])("is not %s", async (_what, changed) => {
    const url = await signed("GET");
    expect(changed(url)).not.toBe(url);
    const { status } = await fetch(changed(url));
    expect(status).toBe(403);
  });

  it("is for one method, and for a quarter of an hour", async () => {
    const url = new URL(await signed("GET", "1"));
    expect((await fetch(url, { method: "HEAD" })).status).toBe(403);
    expect((await fetch(url, { method: "DELETE" })).status).toBe(403);
    expect(url.searchParams.get("X-Amz-Expires")).toBe("900");
    expect(url.searchParams.get("X-Amz-SignedHeaders")).toBe("host");
  });

  it("is at AWS's own address where nothing stands in for it, with the credentials of the function", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", undefined);
    vi.stubEnv("AWS_SESSION_TOKEN", "session");
    const url = new URL(
      await s3Signer(clockFrom({}), "frozen").sign("GET", { key: KEY, file: FILE }),
    );
    vi.stubEnv("AWS_SESSION_TOKEN", undefined);
    expect(url.origin + url.pathname).toBe(`https://frozen.s3.eu-west-1.amazonaws.com/${KEY}`);
    expect(url.searchParams.get("X-Amz-Security-Token")).toBe("session");
    expect([...url.searchParams.keys()].filter((key) => /checksum|sdk/i.test(key))).toEqual([]);
  });
});
