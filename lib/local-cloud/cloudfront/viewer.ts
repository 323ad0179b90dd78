import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AwsError } from "../wire/service.ts";

export interface DistributionSpec {
  readonly comment: string;
  /** Names beside its own. */
  readonly aliases: readonly string[];
  readonly bucket: string;
  readonly region: string;
  /** Key of what is shown at `/`. */
  readonly root: string;
  /** What is answered instead of an error of the origin, by its status. */
  readonly errors: ReadonlyMap<number, { readonly status: number; readonly key: string }>;
  /** Of every answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/** S3 as CloudFront asks it. Rejects with its errors. */
export type Origin = (
  region: string,
  bucket: string,
  key: string,
) => Promise<{
  readonly Body: Buffer | Readable;
  readonly ContentType?: unknown;
  readonly CacheControl?: unknown;
  readonly ETag?: unknown;
}>;

/** Answers GET and HEAD by what the bucket holds; nothing is kept between. */
export const answering =
  (settings: () => DistributionSpec, origin: Origin, isCutOff: (region: string) => boolean) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const spec = settings();
    for (const [name, value] of Object.entries(spec.headers)) response.setHeader(name, value);
    const key = keyOf(request, spec);
    if (key === undefined) return void response.writeHead(403).end();
    if (isCutOff(spec.region)) return void response.writeHead(504).end();
    const { status, found } = await shown(spec, key, origin);
    if (found) return send(found, status, request, response);
    response.writeHead(status).end();
  };

/** The object of a key, else what is shown instead of the error that the origin gives, else that alone. */
async function shown(spec: DistributionSpec, key: string, origin: Origin) {
  const found = await object(spec, key, origin);
  if (typeof found !== "number") return { status: 200, found };
  const instead = spec.errors.get(found);
  const page = instead && (await object(spec, instead.key, origin));
  if (!instead || typeof page !== "object") return { status: found };
  return { status: instead.status, found: page };
}

/** Undefined: not a request that the distribution takes. */
function keyOf({ method, url = "/" }: IncomingMessage, { root }: DistributionSpec) {
  if (method !== "GET" && method !== "HEAD") return undefined;
  const { pathname } = new URL(url, "http://edge");
  return pathname === "/" ? root : decodeURIComponent(pathname.slice(1));
}

type Found = Awaited<ReturnType<Origin>>;

/** Whoever may read objects but not list them hears 403 of one that is not there. */
async function object({ bucket, region }: DistributionSpec, key: string, origin: Origin) {
  try {
    return await origin(region, bucket, key);
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    return cause.code === "NoSuchKey" ? 403 : (cause.status ?? 502);
  }
}

const HEADERS = {
  "content-type": "ContentType",
  "cache-control": "CacheControl",
  etag: "ETag",
} as const satisfies Readonly<Record<string, keyof Found>>;

async function send(
  found: Found,
  status: number,
  { method, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, field] of Object.entries(HEADERS)) {
    if (found[field] !== undefined) response.setHeader(name, String(found[field]));
  }
  const isSame = status === 200 && headers["if-none-match"] === found.ETag;
  response.writeHead(isSame ? 304 : status);
  if (isSame || method === "HEAD") return void response.end();
  if (Buffer.isBuffer(found.Body)) return void response.end(found.Body);
  await pipeline(found.Body, response);
}
