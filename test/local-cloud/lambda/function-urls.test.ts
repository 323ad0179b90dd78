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
    ask(new URL(path, url), hosts, authority.caPem, signal);
  return { url, urls, get, cutOff };
}

interface Answered {
  readonly status: number | undefined;
  readonly body: string;
}

function ask(url: URL, hosts: Map<string, string>, ca: string, signal?: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const options = {
    ...{ host: hosts.get(url.hostname), port: localPort(443), servername: url.hostname, ca },
    ...{ path: url.pathname + url.search, agent: false, ...(signal && { signal }) },
  };
  request(options, async (response) => {
    const body = (await response.toArray()).join("");
    resolve({ status: response.statusCode, body });
  })
    .on("error", reject)
    .end();
  return promise;
}

test("a URL hands requests to its function in payload format 2.0, over TLS by its own name", async () => {
  const { url, urls, get } = await exposed(
    `export const handler = async ({ version, rawPath, rawQueryString, requestContext }) => ({
       statusCode: 201, headers: { "content-type": "text/plain" },
       body: [version, rawPath, rawQueryString, requestContext.http.method].join(" ") });`,
  );
  expect(url).toMatch(/^https:\/\/[0-9a-f]{32}\.lambda-url\.eu-central-1\.on\.aws\/$/);
  expect(await urls.expose(REGION, "f")).toBe(url);
  expect(urls.urlOf(REGION, "f")).toBe(url);
  expect(urls.urlOf(REGION, "g")).toBeUndefined();
  expect(await get("/acme/token?a=1")).toEqual({ status: 201, body: "2.0 /acme/token a=1 GET" });
});

test("an answer without a status is a 200, one that fails a 502", async () => {
  const { get } = await exposed(
    "export const handler = async ({ rawPath }) => { if (rawPath === '/bad') throw new Error('no'); return { plain: true }; };",
  );
  expect(await get("/")).toEqual({ status: 200, body: '{"plain":true}' });
  expect((await get("/bad")).status).toBe(502);
});

test("in a region that is cut off nobody answers", async () => {
  const { get, cutOff } = await exposed("export const handler = async () => 1;");
  cutOff.add(REGION);
  await expect(get("/", AbortSignal.timeout(300))).rejects.toThrow(/abort/i);
});
