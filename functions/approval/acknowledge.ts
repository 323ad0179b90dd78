import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { type Ack, type AckLink, type AckSeal, ackMac, type Call } from "../oncall/contract.ts";
import * as pages from "./ack-page.ts";
import { METHOD_PAGE, type Page, UNKNOWN_PAGE } from "./page.ts";

interface Asked {
  readonly rawPath: string;
  readonly requestContext: { readonly http: { readonly method: string } };
}

const PATH =
  /^\/ack\/(?<instance>[a-z][a-z0-9-]{0,39})\/(?<id>[\w.-]{1,100})\/(?<asked>\d{1,3})\/(?<until>\d{1,12})\/(?<mac>[\w-]{43})$/;

export const isAckPath = (rawPath: string): boolean => rawPath.startsWith("/ack/");

/** The page of a link to acknowledge; only POST does. Rejects where the ledger does not answer. */
export async function acknowledgeLink(
  request: Asked,
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: Clock },
): Promise<Page> {
  const { method } = request.requestContext.http;
  if (!["GET", "HEAD", "POST"].includes(method)) return METHOD_PAGE;
  const { instance, id, asked, until, mac } = PATH.exec(request.rawPath)?.groups ?? {};
  if (!instance || !id || !mac) return UNKNOWN_PAGE;
  const link: AckLink = { instance, id, asked: Number(asked), until: Number(until) };
  const call = await heldAt<Call>(ledger, keys.call(instance, id));
  const seal = await heldAt<AckSeal>(ledger, keys.ackSeal());
  const by = call?.asked[link.asked];
  if (!call || !seal || by === undefined || !isOurs(seal, link, by, mac)) return UNKNOWN_PAGE;
  const known = await heldAt<Ack>(ledger, keys.ack(instance, id));
  if (known) return pages.takenPage(call, known);
  if (clock.now().getTime() >= link.until * 1000) return pages.lateLinkPage(call);
  if (call.over) return pages.overCallPage(call);
  if (method !== "POST") return pages.askPage(call);
  return take(ledger, call, { instance, id, by, at: clock.now().toISOString(), reason: BY_LINK });
}

const BY_LINK = "by the link of the mail";

async function take(ledger: Ledger, call: Call, ack: Ack): Promise<Page> {
  if (await ledger.create(keys.ack(ack.instance, ack.id), ack)) return pages.donePage(call);
  const first = await heldAt<Ack>(ledger, keys.ack(ack.instance, ack.id));
  return first ? pages.takenPage(call, first) : UNKNOWN_PAGE;
}

function isOurs({ secret }: AckSeal, link: AckLink, address: string, mac: string): boolean {
  const [mine, theirs] = [ackMac(secret, link, address), mac].map((text) => Buffer.from(text));
  return mine !== undefined && theirs?.length === mine.length && timingSafeEqual(mine, theirs);
}

/** A key that is not there answers like one that is forbidden: this function may not list. */
async function heldAt<T>(ledger: Ledger, key: string): Promise<T | undefined> {
  try {
    return (await ledger.read<T>(key))?.value;
  } catch (cause) {
    if (cause instanceof SlaError && cause.code === "CloudRefused") return undefined;
    throw cause;
  }
}
