import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import {
  type Access,
  type AccessOutcome,
  type DownloadLink,
  fileName,
  isOwnDump,
  linkId,
  sealOf,
} from "./contract.ts";
import type { Signer } from "./ports.ts";

/** As a function URL hands a request over (payload format 2.0), as far as it is read. */
export interface UrlRequest {
  readonly rawPath: string;
  readonly requestContext: {
    readonly requestId: string;
    readonly http: {
      readonly method: string;
      readonly sourceIp: string;
      readonly userAgent?: string;
    };
  };
}

export interface UrlAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What answers are written with: the ledger of this site, and who opens the bucket. */
export interface Desk {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly signer: Signer;
}

/**
 * Leads a link that holds to its dump. Everything else is the same page: nobody learns which links there are or were.
 * Rejects where the ledger does not answer: an access that cannot be written down leads nowhere.
 */
export async function answerDownload(request: UrlRequest, desk: Desk): Promise<UrlAnswer> {
  const { ledger, clock, signer } = desk;
  const { http, requestId } = request.requestContext;
  const asked = askedFor(request.rawPath);
  if (!asked || !isMethod(http.method)) return NOT_FOUND;
  const link = await read(ledger, asked);
  if (!link) return NOT_FOUND;
  const now = clock.now();
  const outcome = judge(link, asked, now);
  const leads = outcome === "led";
  const url = leads ? await signer.sign(http.method, link.key, fileName(link)) : undefined;
  const access: Access = {
    ...{ instance: asked.instance, link: linkId(asked.token) },
    ...(outcome !== "tampered" && { backup: link.backup }),
    ...{ at: now.toISOString(), from: http.sourceIp, agent: plain(http.userAgent ?? "") },
    ...{ method: http.method, outcome },
  };
  await ledger.create(keys.access(access, requestId), access);
  return url === undefined ? NOT_FOUND : ledTo(url);
}

interface Asked {
  readonly instance: string;
  readonly token: string;
  readonly file?: string;
}

const PATH =
  /^\/d\/(?<token>(?<instance>[a-z][a-z0-9-]{0,39})\.[\w-]{43})(?:\/(?<file>[\w.-]{1,100}))?$/;

function askedFor(rawPath: string): Asked | undefined {
  const { instance, token, file } = PATH.exec(rawPath)?.groups ?? {};
  if (instance === undefined || token === undefined) return undefined;
  return { instance, token, ...(file !== undefined && { file }) };
}

const isMethod = (method: string): method is "GET" | "HEAD" => ["GET", "HEAD"].includes(method);

/** A key that is not there answers like one that is forbidden: this function may not list. */
async function read(ledger: Ledger, { instance, token }: Asked): Promise<DownloadLink | undefined> {
  try {
    return (await ledger.read<DownloadLink>(keys.link(instance, linkId(token))))?.value;
  } catch (cause) {
    if (cause instanceof SlaError && cause.code === "CloudRefused") return undefined;
    throw cause;
  }
}

/** In this order: of what was tampered with nothing else can be believed, not even that it is a link. */
function judge(link: DownloadLink, { instance, token, file }: Asked, now: Date): AccessOutcome {
  const isOurs = link.instance === instance && isSame(String(link.seal), sealOf(token, link));
  if (!isOurs || !isOwnDump(link)) return "tampered";
  if (link.revoked) return "revoked";
  if (now.getTime() >= Date.parse(link.until)) return "expired";
  return file === undefined || file === fileName(link) ? "led" : "misnamed";
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const LONGEST_AGENT = 200;

const plain = (text: string) => text.replaceAll(/\p{C}+/gu, " ").slice(0, LONGEST_AGENT);

const answer = (statusCode: number, more: Readonly<Record<string, string>>, body: string) => ({
  statusCode,
  headers: {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
    ...more,
  },
  body,
});

const NOT_FOUND: UrlAnswer = answer(404, {}, "not found\n");
const ledTo = (location: string): UrlAnswer => answer(302, { location }, "");
