import { request } from "node:https";
import { expect, onTestFinished, test } from "vitest";
import { claimAddresses, localPort } from "../../../lib/local-cloud/addresses.ts";
import { createAuthority } from "../../../lib/local-cloud/certificates.ts";
import { distributions } from "../../../lib/local-cloud/cloudfront/distributions.ts";
import type { DistributionSpec, Origin } from "../../../lib/local-cloud/cloudfront/viewer.ts";
import { AwsError } from "../../../lib/local-cloud/wire/service.ts";

const SPEC: DistributionSpec = {
  ...{ comment: "pages", aliases: ["status.example"], bucket: "b", region: "eu-west-1" },
  ...{ root: "index.html", headers: { "content-security-policy": "default-src 'none'" } },
  errors: new Map([[403, { status: 404, key: "404.html" }]]),
};
const FILES: Readonly<Record<string, string>> = {
  "index.html": "root",
  "c/a token/index.html": "customer",
  "404.html": "nothing here",
};

async function edge(spec = SPEC) {
  const addresses = await claimAddresses();
  const authority = await createAuthority();
  const hosts = new Map<string, string>();
  const dns = {
    set: (name: string, address: string) => void hosts.set(name, address),
    remove: (name: string) => void hosts.delete(name),
  };
  const cutOff = new Set<string>();
  const origin: Origin = async (_region, _bucket, key) => {
    const text = FILES[key];
    if (text === undefined) throw new AwsError("NoSuchKey", "not there", 404);
    return {
      Body: Buffer.from(text),
      ContentType: "text/html",
      CacheControl: "max-age=60",
      ETag: '"1"',
    };
  };
  const isCutOff = (region: string) => cutOff.has(region);
  const all = distributions({ addresses, authority, dns, isCutOff, origin });
  onTestFinished(async () => {
    all.close();
    await addresses.release();
  });
  const made = await all.put("Stack/Pages", spec);
  const [served] = all.all();
  const get = async (path: string, init?: RequestInit) => {
    const answer = await fetch(new URL(path, served?.plainUrl), init);
    return { status: answer.status, body: await answer.text(), headers: answer.headers };
  };
  return { all, made, served, get, cutOff, hosts, ca: authority.caPem };
}

test("a bucket is served with its types and the headers of the policy, its root included", async () => {
  const { get, made } = await edge();
  expect(made.id).toMatch(/^E[0-9A-Z]{13}$/);
  expect(made.host).toMatch(/^de[0-9a-z]{13}\.cloudfront\.net$/);
  const { status, body, headers } = await get("/");
  expect([status, body]).toEqual([200, "root"]);
  expect(headers.get("content-type")).toBe("text/html");
  expect(headers.get("cache-control")).toBe("max-age=60");
  expect(headers.get("content-security-policy")).toBe("default-src 'none'");
  expect(await get("/c/a%20token/index.html?utm=1")).toMatchObject({
    status: 200,
    body: "customer",
  });
});

test("what is not there is answered by the page for it, with the same headers", async () => {
  const { get } = await edge();
  const { status, body, headers } = await get("/c/guessed/index.html");
  expect([status, body]).toEqual([404, "nothing here"]);
  expect(headers.get("content-security-policy")).toBe("default-src 'none'");
});

test("without such a page S3's refusal is seen", async () => {
  const { get } = await edge({ ...SPEC, errors: new Map() });
  expect(await get("/no")).toMatchObject({ status: 403 });
});

test("it takes GET and HEAD only, and says when nothing has changed", async () => {
  const { get } = await edge();
  expect(await get("/", { method: "POST", body: "x" })).toMatchObject({ status: 403 });
  expect(await get("/", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
  expect(await get("/", { headers: { "if-none-match": '"1"' } })).toMatchObject({ status: 304 });
});

test("where the region of the bucket is lost it answers 504, and goes on afterwards", async () => {
  const { get, cutOff } = await edge();
  cutOff.add("eu-west-1");
  expect(await get("/")).toMatchObject({ status: 504 });
  cutOff.clear();
  expect(await get("/")).toMatchObject({ status: 200 });
});

test("it answers over TLS by its own name and by the provider's; a second deployment changes what it serves", async () => {
  const { all, made, served, hosts, ca } = await edge();
  expect(served?.url).toBe("https://status.example/");
  for (const servername of [made.host, "status.example"]) {
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
    const host = hosts.get(servername);
    request({ host, port: localPort(443), servername, ca, agent: false, path: "/" }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on("error", reject)
      .end();
    expect(await promise).toBe(200);
  }
  const again = await all.put("Stack/Pages", { ...SPEC, root: "404.html" });
  expect(again).toEqual(made);
  expect(all.all()).toHaveLength(1);
  expect(await (await fetch(served?.plainUrl ?? "")).text()).toBe("nothing here");
});
