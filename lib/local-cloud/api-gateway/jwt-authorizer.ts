import { request } from "node:https";
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from "jose";
import { localPort } from "../addresses.ts";

export interface JwtConfiguration {
  readonly issuer: string;
  readonly audience: readonly string[];
}

/** How the authorizer reaches issuers: there is no internet here, only names of the local cloud. */
export interface IssuerReach {
  readonly addressOf: (host: string) => string | undefined;
  readonly caPem: string;
}

/** `claims` as API Gateway hands them on: all of them text. */
export type Judged =
  | { readonly let: "in"; readonly claims: Readonly<Record<string, string>> }
  | { readonly let: "nobody"; readonly because: string }
  | { readonly let: "not-for-this" };

/** Only these: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html */
const ALGORITHMS = ["RS256", "RS384", "RS512"];
const ANSWER_MS = 5000;
const KEYS_KEPT_MS = 2 * 3600 * 1000;

type Judge = (
  authorization: string | undefined,
  scopes: readonly string[] | undefined,
) => Promise<Judged>;

/** Signature, issuer, audience or client, times and scopes. The issuer is asked for its keys at the first request. */
export function jwtAuthorizer({ issuer, audience }: JwtConfiguration, reach: IssuerReach): Judge {
  let kept: { readonly keys: JSONWebKeySet; readonly at: number } | undefined;
  const keys = async () => {
    if (!kept || Date.now() - kept.at > KEYS_KEPT_MS) {
      kept = { keys: await keysOf(issuer, reach), at: Date.now() };
    }
    return kept.keys;
  };
  return async (authorization, scopes) => {
    const token = authorization?.replace(/^bearer /i, "");
    if (!token) return { let: "nobody", because: "no token" };
    try {
      const payload = await verified(token, issuer, keys);
      refuseOthers(payload, audience);
      return judgedBy(payload, scopes);
    } catch (cause) {
      return { let: "nobody", because: cause instanceof Error ? cause.message : String(cause) };
    }
  };
}

async function verified(token: string, issuer: string, keys: () => Promise<JSONWebKeySet>) {
  if (decodeProtectedHeader(token).kid === undefined) throw new Error("the token names no key");
  const { payload } = await jwtVerify(token, createLocalJWKSet(await keys()), {
    ...{ issuer, algorithms: ALGORITHMS, requiredClaims: ["exp"] },
  });
  return payload;
}

function judgedBy(payload: JWTPayload, scopes: readonly string[] | undefined): Judged {
  const isFor = scopes?.some((each) => scopesOf(payload).includes(each)) ?? true;
  return isFor ? { let: "in", claims: textsOf(payload) } : { let: "not-for-this" };
}

/** `client_id` counts only where there is no `aud`. */
function refuseOthers(payload: JWTPayload, audience: readonly string[]): void {
  const forWhom = [payload.aud ?? payload["client_id"]].flat().map(String);
  if (!forWhom.some((each) => audience.includes(each))) throw new Error("it is for another");
  if ((payload.iat ?? 0) * 1000 > Date.now()) throw new Error("it is from the future");
}

const scopesOf = (payload: Readonly<Record<string, unknown>>): readonly string[] =>
  [payload["scope"] ?? payload["scp"] ?? []].flat().flatMap((each) => String(each).split(" "));

const textsOf = (payload: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, textOf(value)]));

/** A list becomes one text, `[a b]`, in which its parts can no longer be told apart. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(" ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).map(([name, each]) => `${name}:${textOf(each)}`);
  return `map[${entries.join(" ")}]`;
}

async function keysOf(issuer: string, reach: IssuerReach): Promise<JSONWebKeySet> {
  const base = issuer.replace(/\/$/, "");
  const found = await fetched(`${base}/.well-known/openid-configuration`, reach);
  const { jwks_uri: address } = found as { readonly jwks_uri: string };
  return (await fetched(address, reach)) as JSONWebKeySet;
}

function fetched(url: string, { addressOf, caPem }: IssuerReach): Promise<unknown> {
  const { hostname, pathname, search } = new URL(url);
  const host = addressOf(hostname);
  if (host === undefined) throw new Error(`${hostname} does not resolve`);
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const options = {
    ...{ host, port: localPort(443), servername: hostname, ca: caPem, agent: false },
    ...{ path: pathname + search, headers: { host: hostname } },
    signal: AbortSignal.timeout(ANSWER_MS),
  };
  request(options, (response) => {
    response
      .toArray()
      .then((parts) => resolve(JSON.parse(parts.join(""))))
      .catch(reject);
  })
    .on("error", reject)
    .end();
  return promise;
}
