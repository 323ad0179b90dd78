import { createServer } from "node:net";
import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it, test } from "vitest";
import { clientSettings, perRegion } from "../../../functions/aws/clients.ts";
import { cloudError } from "../../../functions/aws/cloud-errors.ts";
import { s3Ledger } from "../../../functions/aws/s3-ledger.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { SlaError } from "../../../functions/kernel/errors.ts";

const fault = (name: string, more: object = {}) =>
  Object.assign(new Error("words"), { name, ...more });
const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

describe("cloudError", () => {
  test.for([
    ["a time-out", fault("TimeoutError"), "CloudUnreachable"],
    ["a refused connection", fault("Error", { code: "ECONNREFUSED" }), "CloudUnreachable"],
    ["a name that does not resolve", fault("Error", { code: "ENOTFOUND" }), "CloudUnreachable"],
    ["a service that fails itself", fault("InternalFailure", status(500)), "CloudUnreachable"],
    ["a throttle", fault("Throttling", status(400)), "CloudThrottled"],
    ["S3's throttle, a 503", fault("SlowDown", status(503)), "CloudThrottled"],
    ["too many requests", fault("TooManyRequestsException", status(429)), "CloudThrottled"],
    ["a missing permission", fault("AccessDenied", status(403)), "CloudRefused"],
    ["credentials that ran out", fault("ExpiredToken", status(400)), "CloudRefused"],
  ] as const)("calls %s by its name", ([, cause, code]) => {
    expect(cloudError(cause, "read it in eu-west-1")).toMatchObject({
      code,
      message: expect.stringMatching(/^read it in eu-west-1: .*words/),
      cause,
    });
  });

  test.for([
    ["an answer with a meaning of its own", fault("DBInstanceNotFound", status(404))],
    ["an operation nobody serves", fault("NotImplemented", status(501))],
    ["an error of ours", new SlaError("HaltEpoch", "operator", "overtaken")],
    ["what is no error", "a string"],
  ] as const)("leaves %s as it is", ([, cause]) => {
    expect(cloudError(cause, "do it")).toBe(cause);
  });
});

describe("clientSettings", () => {
  it("gives up on a region that takes connections and says nothing", async () => {
    const silent = createServer((socket) => socket.on("error", () => undefined));
    await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
    const { port } = silent.address() as { port: number };
    const client = new S3Client({
      ...clientSettings(clockFrom({ SLA_PACE: "100" }), { region: "eu-west-1", maxAttempts: 1 }),
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    await expect(s3Ledger(client, "bucket").read("key")).rejects.toMatchObject({
      code: "CloudUnreachable",
    });
    client.destroy();
    silent.close();
  });

  it("gives up on a region that stops in the middle of an answer", async () => {
    const head = "HTTP/1.1 200 OK\r\netag: x\r\ncontent-length: 100\r\n\r\n{";
    const stalling = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.write(head));
    });
    await new Promise<void>((done) => stalling.listen(0, "127.0.0.1", done));
    const { port } = stalling.address() as { port: number };
    const client = new S3Client({
      ...clientSettings(clockFrom({ SLA_PACE: "100" }), { region: "eu-west-1", maxAttempts: 1 }),
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    await expect(s3Ledger(client, "bucket").read("key")).rejects.toMatchObject({
      code: "CloudUnreachable",
    });
    client.destroy();
    stalling.close();
  });

  it("divides time-outs by the pace and keeps their floors", () => {
    expect(clientSettings(clockFrom({})).requestHandler).toMatchObject({
      connectionTimeout: 2000,
      requestTimeout: 8000,
    });
    const options = { answerSeconds: 60, answerFloorMs: 1500 };
    expect(clientSettings(clockFrom({ SLA_PACE: "60" }), options).requestHandler).toMatchObject({
      connectionTimeout: 2000,
      requestTimeout: 1500,
    });
  });
});

describe("perRegion", () => {
  it("makes one client for each region", () => {
    let made = 0;
    const clients = perRegion((region) => `${region} ${++made}`);
    expect([clients("a"), clients("b"), clients("a")]).toEqual(["a 1", "b 2", "a 1"]);
  });
});
