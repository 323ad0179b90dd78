import { request } from "node:https";
import { expect, onTestFinished, test } from "vitest";
import { claimAddresses, localPort } from "../../../lib/local-cloud/addresses.ts";
import { createAuthority } from "../../../lib/local-cloud/certificates.ts";
import { functionUrls } from "../../../lib/local-cloud/lambda/function-urls.ts";
import { REGION, world } from "./fixture.ts";

async function exposed(code: string) {
  const { deploy, lambda } = world();
  deploy(code);
  const addresses = await claimAddresses();
  const authority = await createAuthority();
  const hosts = new Map<string, string>();
  const dns = {
    set: (name: string, address: string) => void hosts.set(name, address),
    remove: (name: string) => void hosts.delete(name),
  };
  const cutOff = new Set<string>();
  const isCutOff = (region: string) => cutOff.has(region);
  const urls = functionUrls({ addresses, authority, dns, functions: lambda, isCutOff });
  onTestFinished(async () => {
    urls.close();
    await addresses.release();
  });
  const url = await urls.expose(REGION, "f");
  const get = (path: string, signal?: AbortSignal) =>
    ask(new URL(path, url), hosts, authority.caPem, { ...(signal && { signal }) });
  const post = (body: string, type: string) =>
    ask(new URL("/", url), hosts, authority.caPem, { body, type });
  return { url, urls, get, post, cutOff };
}

interface Answered {
  readonly status: number | undefined;
  readonly body: string;
}

interface Asked {
  readonly signal?: AbortSignal;
  readonly body?: string;
  readonly type?: string;
}

function ask(url: URL, hosts: Map<string, string>, ca: string, { signal, body, type }: Asked) {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const options = {
    ...{ host: hosts.get(url.hostname), port: localPort(443), servername: url.hostname, ca },
    ...{ path: url.pathname + url.search, agent: false, ...(signal && { signal }) },
    ...(type && { method: "POST", headers: { "content-type": type } }),
  };
  request(options, async (response) => {
    const body = (await response.toArray()).join("");
    resolve({ status: response.statusCode, body });
  })
    .on("error", reject)
    .end(body);
  return promise;
}

test("a URL hands requests to its function in payload format 2.0, over TLS by its own name", async () => {
  const { url, urls, get } = await exposed(
    `export const handler = async ({ version, rawPath, rawQueryString, requestContext: { http } }) => ({
       statusCode: 201, headers: { "content-type": "text/plain" },
       body: [version, rawPath, rawQueryString, http.method, http.sourceIp].join(" ") });`,
  );
  expect(url).toMatch(/^https:\/\/[0-9a-f]{32}\.lambda-url\.eu-central-1\.on\.aws\/$/);
  expect(await urls.expose(REGION, "f")).toBe(url);
  expect(urls.urlOf(REGION, "f")).toBe(url);
  expect(urls.urlOf(REGION, "g")).toBeUndefined();
  expect(await get("/acme/token?a=1")).toEqual({
    status: 201,
    body: "2.0 /acme/token a=1 GET 127.0.0.1",
  });
});

test("an answer without a status is a 200, one that fails a 502", async () => {
  const { get } = await exposed(
    "export const handler = async ({ rawPath }) => { if (rawPath === '/bad') throw new Error('no'); return { plain: true }; };",
  );
  expect(await get("/")).toEqual({ status: 200, body: '{"plain":true}' });
  expect((await get("/bad")).status).toBe(502);
});

test.each([
  ["a form, in base64", "application/x-www-form-urlencoded", "a=1&b=ü", "YT0xJmI9w7w= true"],
  ["text as it is", "text/plain; charset=utf-8", "grüezi", "grüezi false"],
  ["JSON as it is", "application/json", '{"a":1}', '{"a":1} false'],
  ["bytes, in base64", "application/octet-stream", "abc", "YWJj true"],
  ["nothing", "text/plain", "", "nothing false"],
])("a body is handed on as AWS does: %s", async (_what, type, body, seen) => {
  const { post } = await exposed(
    'export const handler = async (event) => [event.body ?? "nothing", event.isBase64Encoded].join(" ");',
  );
  expect((await post(body, type)).body).toBe(JSON.stringify(seen));
});

test("a body beyond six megabytes is refused", async () => {
  const { post } = await exposed("export const handler = async () => 1;");
  expect((await post("x".repeat(6 * 1024 * 1024 + 1), "text/plain")).status).toBe(413);
});

test("in a region that is cut off nobody answers", async () => {
  const { get, cutOff } = await exposed("export const handler = async () => 1;");
  cutOff.add(REGION);
  await expect(get("/", AbortSignal.timeout(300))).rejects.toThrow(/abort/i);
});
