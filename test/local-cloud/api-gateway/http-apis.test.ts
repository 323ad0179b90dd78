import { createServer, request } from "node:https";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { expect, onTestFinished, test } from "vitest";
import { claimAddresses, localPort } from "../../../lib/local-cloud/addresses.ts";
import { httpApis, type RouteSpec } from "../../../lib/local-cloud/api-gateway/http-apis.ts";
import { createAuthority } from "../../../lib/local-cloud/certificates.ts";
import { REGION, world } from "../lambda/fixture.ts";

const HOST = "login.example";
const ISSUER = `https://${HOST}`;
const AUTHORIZER = { issuer: ISSUER, audience: ["api", "other-api"] };
const ECHO = `export const handler = async ({ routeKey, pathParameters, queryStringParameters, requestContext, body }) =>
  ({ statusCode: 200, body: JSON.stringify({ routeKey, pathParameters, queryStringParameters, body, by: requestContext.authorizer?.jwt }) });`;

const keys = await generateKeyPair("RS256");
const strangers = await generateKeyPair("RS256");

/** A gateway in front of one function, and an issuer with one key. */
async function gateway(code = ECHO) {
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
  const apis = httpApis({
    ...{ addresses, authority, dns, functions: lambda, account: "111111111111" },
    isCutOff: (region) => cutOff.has(region),
    addressOf: (host) => hosts.get(host),
  });
  const { certPem, keyPem } = await authority.issue([HOST]);
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "one", alg: "RS256" };
  const asked: string[] = [];
  const login = createServer({ cert: certPem, key: keyPem }, ({ url = "" }, response) => {
    asked.push(url);
    const found = url.endsWith("jwks") ? { keys: [jwk] } : { jwks_uri: `${ISSUER}/jwks` };
    response.end(JSON.stringify(found));
  });
  const address = addresses.next(HOST);
  await new Promise<void>((done) => void login.listen(localPort(443), address, done));
  hosts.set(HOST, address);
  onTestFinished(async () => {
    apis.close();
    login.close();
    login.closeAllConnections();
    await addresses.release();
  });
  const { id, endpoint } = await apis.create(REGION, "sla-customers");
  const route = (more: Partial<RouteSpec> = {}) =>
    apis.route(id, {
      ...{ routeKey: "GET /a/{id}", functionName: "f", authorizer: AUTHORIZER },
      ...more,
    });
  route();
  apis.stage(id, { burst: 100, perSecond: 100 });
  const ask = (path: string, token?: string, signal = AbortSignal.timeout(10_000)) =>
    answerOf(new URL(path, endpoint), hosts, authority.caPem, token, signal);
  return { apis, id, endpoint, route, ask, asked, cutOff };
}

function answerOf(
  url: URL,
  hosts: ReadonlyMap<string, string>,
  ca: string,
  token: string | undefined,
  signal: AbortSignal,
) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    readonly status: number | undefined;
    readonly challenge: string | undefined;
    readonly said: Record<string, unknown>;
  }>();
  const options = {
    ...{
      host: hosts.get(url.hostname),
      port: localPort(443),
      servername: url.hostname,
      ca,
      signal,
    },
    ...{ path: url.pathname + url.search, agent: false },
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  };
  request(options, async (response) => {
    const said = JSON.parse((await response.toArray()).join(""));
    resolve({ status: response.statusCode, challenge: response.headers["www-authenticate"], said });
  })
    .on("error", reject)
    .end();
  return promise;
}

interface Made {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];
}

const now = () => Math.floor(Date.now() / 1000);

/** A good token, unless told otherwise. */
const tokenOf = ({ claims = {}, header = {}, key = keys.privateKey }: Made = {}) =>
  new SignJWT({ sub: "anna", iss: ISSUER, aud: "api", exp: now() + 60, iat: now() - 1, ...claims })
    .setProtectedHeader({ alg: "RS256", kid: "one", ...header })
    .sign(key);

test("a good token leads to the function, with the route, its variables and the claims as text", async () => {
  const { ask, endpoint, asked } = await gateway();
  expect(endpoint).toMatch(/^https:\/\/[a-z0-9]{10}\.execute-api\.eu-central-1\.amazonaws\.com$/);
  const token = await tokenOf({ claims: { groups: ["a b", "c"], admin: true, more: { x: 1 } } });
  const { status, said } = await ask("/a/1%2F2", token);
  expect(status).toBe(200);
  expect(said).toMatchObject({
    ...{ routeKey: "GET /a/{id}", pathParameters: { id: "1/2" } },
    by: {
      claims: { sub: "anna", groups: "[a b c]", admin: "true", more: "map[x:1]" },
      scopes: null,
    },
  });
  expect(said).not.toHaveProperty("queryStringParameters");
  const { said: queried } = await ask("/a/3?open&of=a&of=b%2Cc", token);
  expect(queried["queryStringParameters"]).toEqual({ open: "", of: "a,b,c" });
  expect(asked).toEqual(["/.well-known/openid-configuration", "/jwks"]);
});

test.each<[string, () => Promise<string | undefined>, RegExp]>([
  ["no token", async () => undefined, /^Bearer$/],
  ["no token but text", async () => "abc", /invalid_token/],
  ["another's signature", () => tokenOf({ key: strangers.privateKey }), /signature/],
  ["a key that is not the issuer's", () => tokenOf({ header: { kid: "two" } }), /invalid_token/],
  ["no key named", () => tokenOf({ header: { kid: undefined } }), /names no key/],
  ["another issuer", () => tokenOf({ claims: { iss: "https://evil.example" } }), /"iss"|iss/],
  ["another audience", () => tokenOf({ claims: { aud: "shop" } }), /for another/],
  ["no audience", () => tokenOf({ claims: { aud: undefined } }), /for another/],
  [
    "an audience that is not ours beside a client that is",
    () => tokenOf({ claims: { aud: "shop", client_id: "api" } }),
    /for another/,
  ],
  ["a time that is over", () => tokenOf({ claims: { exp: now() - 1 } }), /exp/],
  ["no end", () => tokenOf({ claims: { exp: undefined } }), /exp/],
  ["a time to come", () => tokenOf({ claims: { nbf: now() + 60 } }), /nbf/],
  ["a making to come", () => tokenOf({ claims: { iat: now() + 60 } }), /future/],
  [
    "no signature",
    async () => `${(await tokenOf({ header: {} })).split(".").slice(0, 2).join(".")}.`,
    /invalid_token/,
  ],
])("nobody gets in with %s", async (_what, made, challenge) => {
  const { ask } = await gateway();
  const { status, said, challenge: found } = await ask("/a/1", await made());
  expect([status, said]).toEqual([401, { message: "Unauthorized" }]);
  expect(found).toMatch(challenge);
});

test("a client counts where a token is for no audience, and any of several audiences", async () => {
  const { ask } = await gateway();
  const client = await tokenOf({ claims: { aud: undefined, client_id: "api" } });
  expect((await ask("/a/1", client)).status).toBe(200);
  const several = await tokenOf({ claims: { aud: ["shop", "other-api"] } });
  expect((await ask("/a/1", several)).status).toBe(200);
});

test("a route with scopes wants one of them", async () => {
  const { ask, route } = await gateway();
  route({ scopes: ["download", "all"] });
  const refused = await ask("/a/1", await tokenOf({ claims: { scope: "read write" } }));
  expect([refused.status, refused.said]).toEqual([403, { message: "Forbidden" }]);
  expect((await ask("/a/1", await tokenOf({ claims: { scope: "read all" } }))).status).toBe(200);
  expect((await ask("/a/1", await tokenOf({ claims: { scp: ["download"] } }))).status).toBe(200);
});

test("more requests than the stage takes are turned away, before anybody looks at them", async () => {
  const { apis, id, ask, asked } = await gateway();
  apis.stage(id, { burst: 2, perSecond: 0.001 });
  const token = await tokenOf();
  const answers = [await ask("/a/1", token), await ask("/a/1", token), await ask("/a/1")];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(asked).toHaveLength(2);
});

test("what no route knows is not found, a function that fails is a 500", async () => {
  const { ask, route } = await gateway(
    "export const handler = async () => { throw new Error('no'); };",
  );
  expect((await ask("/b", await tokenOf())).said).toEqual({ message: "Not Found" });
  route({ routeKey: "GET /open" });
  const { status, said } = await ask("/open", await tokenOf());
  expect([status, said]).toEqual([500, { message: "Internal Server Error" }]);
});

test("a route without an authorizer is open to all, and one of a region that is cut off hangs", async () => {
  const { apis, id, ask, cutOff } = await gateway();
  apis.route(id, { routeKey: "GET /open", functionName: "f" });
  expect((await ask("/open")).said).not.toHaveProperty("by");
  cutOff.add(REGION);
  await expect(ask("/open", undefined, AbortSignal.timeout(300))).rejects.toThrow(/abort/i);
});
