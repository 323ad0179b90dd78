import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { scopeOf } from "./credential.ts";
import { addressOf } from "./request.ts";
import { AwsError, type RequestHead } from "./service.ts";

const MINUTE = 60_000;
/** How far AWS lets a client's clock be off. */
const SKEW_MS = 15 * MINUTE;

interface Signed {
  /** `20261121T101500Z` */
  readonly date: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly payloadHash: string;
}

/**
 * Checks the SigV4 signature of a request, in its header or presigned, without its body.
 * Throws AccessDenied (none, expired), RequestTimeTooSkewed or SignatureDoesNotMatch.
 */
export function verifySignature(head: RequestHead, secretAccessKey: string, now: number): void {
  const { path, query } = addressOf(head.target);
  const scope = scopeOf(head.headers, query);
  const signed = query.has("X-Amz-Signature") ? presigned(query, now) : inHeader(head, now);
  if (!scope || !signed) throw new AwsError("AccessDenied", "Access Denied", 403);
  const canonical = [
    head.method,
    path.split("/").map(reencode).join("/"),
    canonicalQuery(query),
    ...signed.signedHeaders.split(";").map((name) => `${name}:${headerOf(head, name)}`),
    "",
    signed.signedHeaders,
    signed.payloadHash,
  ].join("\n");
  const parts = [scope.date, scope.region, scope.service, "aws4_request"];
  const toSign = ["AWS4-HMAC-SHA256", signed.date, parts.join("/"), sha256(canonical)].join("\n");
  const key = keyOf(secretAccessKey, parts);
  if (!isSame(hmac(key, toSign).toString("hex"), signed.signature))
    throw new AwsError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided.",
      403,
    );
}

/** Derived keys of a day, by what they are derived from: four of the five hashes of each request. */
const derived = new Map<string, Buffer>();
const MOST_DERIVED = 1000;

function keyOf(secret: string, scope: readonly string[]): Buffer {
  const name = JSON.stringify([secret, ...scope]);
  const known = derived.get(name);
  if (known) return known;
  const key = scope.reduce(hmac, Buffer.from(`AWS4${secret}`));
  if (derived.size >= MOST_DERIVED) derived.clear();
  derived.set(name, key);
  return key;
}

function presigned(query: URLSearchParams, now: number): Signed {
  const date = query.get("X-Amz-Date") ?? "";
  const expires = Number(query.get("X-Amz-Expires") ?? Number.NaN);
  // A date or lifetime that is no number expires at once.
  if (!(now <= instantOf(date) + expires * 1000))
    throw new AwsError("AccessDenied", "Request has expired", 403);
  return {
    date,
    signedHeaders: query.get("X-Amz-SignedHeaders") ?? "",
    signature: query.get("X-Amz-Signature") ?? "",
    payloadHash: query.get("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD",
  };
}

function inHeader(head: RequestHead, now: number): Signed | undefined {
  const authorization = headerOf(head, "authorization");
  const signedHeaders = /SignedHeaders=([^,\s]+)/.exec(authorization)?.[1];
  const signature = /Signature=(\w+)/.exec(authorization)?.[1];
  if (!signedHeaders || !signature) return undefined;
  const date = headerOf(head, "x-amz-date");
  if (!(Math.abs(now - instantOf(date)) <= SKEW_MS))
    throw new AwsError(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      403,
    );
  return { date, signedHeaders, signature, payloadHash: headerOf(head, "x-amz-content-sha256") };
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([key]) => key !== "X-Amz-Signature")
    .map(([key, value]) => `${encode(key)}=${encode(value)}`)
    .toSorted()
    .join("&");
}

const instantOf = (date: string) =>
  Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
const headerOf = ({ headers }: RequestHead, name: string) =>
  String(headers[name] ?? "")
    .replaceAll(/\s+/g, " ")
    .trim();
const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
function reencode(segment: string): string {
  try {
    return encode(decodeURIComponent(segment));
  } catch {
    throw new AwsError("InvalidURI", `Couldn't parse the specified URI at '${segment}'.`, 400);
  }
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const isSame = (a: string, b: string) =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
