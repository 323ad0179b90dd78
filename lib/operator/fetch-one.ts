import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { UserError } from "../cli/user-error.ts";

/** The web, and waiting for it. */
export interface Web {
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Seconds of real time. */
  pause(seconds: number): Promise<void>;
}

/** Something of a known size behind a link. */
export interface Wanted {
  readonly url: string;
  /** Where it is saved; until it is whole and proven it lies beside that. */
  readonly path: string;
  readonly bytes: number;
  /** In hex, where it is known. */
  readonly sha256?: string;
}

/** `size`: S3 has no sum of what was put there in parts. */
export interface Fetched {
  readonly sha256: string;
  readonly proof: "sha256" | "md5" | "size";
}

/** What is wrong with one thing and no other: it was tried several times, or is not there. */
export class NotFetched extends Error {}

const ATTEMPTS = 5;
/** No file of anybody's is called so. */
const PART = ".sla-part";

/**
 * Fetches one thing, from where an earlier attempt stopped. Rejects with NotFetched where it does not come or is not what it was said to
 * be, with UserError where nothing else will come either.
 */
export async function fetchOne(wanted: Wanted, web: Web): Promise<Fetched> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(wanted, web);
    if (outcome.kind === "fetched") return outcome;
    if (outcome.kind === "gone") throw new NotFetched("it is not there any more");
    if (attempt === ATTEMPTS) throw new NotFetched(outcome.why);
    await web.pause(2 ** (attempt - 1));
  }
}

type Outcome =
  | ({ readonly kind: "fetched" } & Fetched)
  | { readonly kind: "again"; readonly why: string }
  | { readonly kind: "gone" };

async function tryOnce(wanted: Wanted, web: Web): Promise<Outcome> {
  const part = `${wanted.path}${PART}`;
  try {
    await mkdir(dirname(part), { recursive: true });
    const from = await keepBelow(part, wanted.bytes);
    const range = from > 0 ? { range: `bytes=${from}-` } : undefined;
    const response = await web.get(wanted.url, range);
    const refused = refusal(response);
    if (refused) {
      await response.body?.cancel();
      return refused;
    }
    const isRest = response.status === 206;
    await save(response, part, isRest ? "r+" : "w", isRest ? from : 0);
    return await prove(wanted, part, md5In(response));
  } catch (cause) {
    return afterError(cause);
  }
}

/** At least one byte is asked for: with it comes the sum of all. */
async function keepBelow(part: string, bytes: number): Promise<number> {
  const size = (await stat(part).catch(() => undefined))?.size ?? 0;
  if (size < bytes) return size;
  if (size > 0) await truncate(part, Math.max(0, bytes - 1));
  return Math.max(0, bytes - 1);
}

/** Whoever answered without leading on is the link itself: it leads nowhere, and so will everything below it. */
function refusal({ status, redirected }: Response): Outcome | undefined {
  if (status === 200 || status === 206) return undefined;
  if (status === 404 && redirected) return { kind: "gone" };
  if (status === 404) throw deadLink();
  return { kind: "again", why: `the answer was ${status}` };
}

/** Whatever is wrong with it: nobody is told which links there are or were. */
export const deadLink = () =>
  new UserError(
    "the link leads nowhere: it has expired, was revoked, or is not whole; ask for a new one and give the same directory",
    1,
  );

async function save(response: Response, part: string, flags: "w" | "r+", start: number) {
  const body = response.body as ReadableStream<Uint8Array> | null;
  const source = body ? Readable.fromWeb(body) : Readable.from([]);
  await pipeline(source, createWriteStream(part, { flags, start }));
}

/** What S3 has of an object that came in one piece, and is encrypted by S3 itself. */
function md5In({ headers }: Response): string | undefined {
  return /^"([0-9a-f]{32})"$/.exec(headers.get("etag") ?? "")?.[1];
}

async function prove(wanted: Wanted, part: string, md5: string | undefined): Promise<Outcome> {
  const { size } = await stat(part);
  if (size < wanted.bytes) return { kind: "again", why: `it ended after ${size} bytes` };
  const sums = { sha256: createHash("sha256"), md5: createHash("md5") };
  for await (const chunk of createReadStream(part)) {
    sums.sha256.update(chunk);
    sums.md5.update(chunk);
  }
  const sha256 = sums.sha256.digest("hex");
  const isRight =
    size === wanted.bytes &&
    (wanted.sha256 === undefined
      ? md5 === undefined || sums.md5.digest("hex") === md5
      : sha256 === wanted.sha256);
  if (!isRight) {
    await rm(part);
    return { kind: "again", why: "its bytes are not what they were said to be" };
  }
  await rename(part, wanted.path);
  const bySum = md5 === undefined ? "size" : "md5";
  return { kind: "fetched", sha256, proof: wanted.sha256 === undefined ? bySum : "sha256" };
}

const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EROFS"]);
const DISK: ReadonlySet<string> = new Set([
  ...["EACCES", "EPERM", "EISDIR", "ENOTDIR", "EEXIST", "ENAMETOOLONG"],
]);

/** A disk does not get better by waiting; the web may. */
function afterError(cause: unknown): Outcome {
  if (cause instanceof UserError) throw cause;
  const { code = "", message } = rootOf(cause);
  if (FULL.has(code)) throw new UserError(`--to: nothing can be written there: ${message}`, 1);
  if (DISK.has(code)) throw new NotFetched(`it cannot be written: ${message}`);
  return { kind: "again", why: message };
}

/** `fetch failed` says nothing; its cause does. */
function rootOf(cause: unknown): { readonly code?: string; readonly message: string } {
  if (!(cause instanceof Error)) return { message: String(cause) };
  return cause.cause instanceof Error ? rootOf(cause.cause) : cause;
}
