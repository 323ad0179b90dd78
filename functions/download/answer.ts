import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { archivePage, fileIn, paperAt } from "./archive.ts";
import { type Asked, askedFor } from "./asked.ts";
import {
  type Access,
  type AccessOutcome,
  type DownloadLink,
  fileName,
  isOwnDump,
  linkId,
  sealOf,
} from "./contract.ts";
import type { Fetch } from "./fetches.ts";
import type { Signer } from "./ports.ts";
import { jsonPage, ledTo, NOT_FOUND, type UrlAnswer } from "./url-answers.ts";

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

/** What answers are written with: the ledger of this site, and who opens the buckets. */
export interface Desk {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Of dumps. */
  readonly signer: Signer;
  /** Of the replica of files. */
  readonly files: Signer;
  /** Writes down who asks for single files: fetches.ts. */
  readonly note: (fetch: Fetch) => Promise<void>;
}

/**
 * Leads a link that holds to its dump, and to the files that belong to it. Everything else is the same page: nobody learns which links there
 * are or were. Rejects where the ledger does not answer: an access that cannot be written down leads nowhere.
 */
export async function answerDownload(request: UrlRequest, desk: Desk): Promise<UrlAnswer> {
  const { method } = request.requestContext.http;
  const asked = askedFor(request.rawPath);
  if (!asked || !isMethod(method)) return NOT_FOUND;
  const link = await read(desk.ledger, asked);
  if (!link) return NOT_FOUND;
  const now = desk.clock.now();
  const verdict = judge(link, asked, now);
  const found = verdict === "led" ? await open(link, asked, method, desk) : undefined;
  const outcome = verdict === "led" && !found ? "misnamed" : verdict;
  await writeDown({ request, desk, asked, link, method, outcome, now });
  return found ?? NOT_FOUND;
}

/** Undefined where the link has no such thing. */
async function open(
  link: DownloadLink,
  asked: Asked,
  method: Access["method"],
  { signer, files }: Desk,
): Promise<UrlAnswer | undefined> {
  switch (asked.kind) {
    case "dump":
      return ledTo(await signer.sign(method, { key: link.key, file: fileName(link) }));
    case "file":
      if (!link.archive?.files) return undefined;
      return ledTo(await files.sign(method, fileIn(link, asked)));
    case "paper": {
      if (asked.paper === "archive.json") {
        const page = archivePage(link);
        return page === undefined ? undefined : jsonPage(page);
      }
      const paper = paperAt(link, asked.paper);
      return paper && ledTo(await files.sign(method, paper));
    }
    default:
      return asked satisfies never;
  }
}

interface Click {
  readonly request: UrlRequest;
  readonly desk: Desk;
  readonly asked: Asked;
  readonly link: DownloadLink;
  readonly method: Access["method"];
  readonly outcome: AccessOutcome;
  readonly now: Date;
}

/** Single files are counted, everything else has a record of its own. */
async function writeDown({ request, desk, asked, link, method, outcome, now }: Click) {
  const { http, requestId } = request.requestContext;
  const agent = plain(http.userAgent ?? "");
  const what = {
    ...{ instance: asked.instance, link: linkId(asked.token) },
    ...(outcome !== "tampered" && { backup: link.backup }),
  };
  if (asked.kind === "file") {
    const isLed = outcome === "led";
    return desk.note({ ...what, at: now, address: http.sourceIp, agent, isLed });
  }
  const access: Access = {
    ...what,
    ...{ at: now.toISOString(), from: http.sourceIp, agent, method, outcome },
    ...(asked.kind === "paper" && { paper: asked.paper }),
  };
  await desk.ledger.create(keys.access(access, requestId), access);
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
function judge(link: DownloadLink, asked: Asked, now: Date): AccessOutcome {
  const { instance, token } = asked;
  const isOurs = link.instance === instance && isSame(String(link.seal), sealOf(token, link));
  if (!isOurs || !isOwnDump(link)) return "tampered";
  if (link.revoked) return "revoked";
  if (now.getTime() >= Date.parse(link.until)) return "expired";
  const isOther = asked.kind === "dump" && ![undefined, fileName(link)].includes(asked.file);
  return isOther ? "misnamed" : "led";
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const LONGEST_AGENT = 200;

const plain = (text: string) => text.replaceAll(/\p{C}+/gu, " ").slice(0, LONGEST_AGENT);
