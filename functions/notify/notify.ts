import type { Fleet } from "../../lib/sla/fleet.ts";
import { inLanes } from "../kernel/lanes.ts";
import type { Calls } from "./calls.ts";
import type { Notice, NotifyRequest } from "./contract.ts";
import { type Digest, digestsOf, subjectOf, textOf } from "./digest.ts";
import type { Hooks } from "./hooks.ts";
import type { Links } from "./links.ts";
import type { Marks } from "./marks.ts";
import type { Rate } from "./rate.ts";
import type { UnsentNotices } from "./unsent.ts";

/** The alerts topic of this region. aws/sns-alerts.ts is the real one. */
export interface Alerts {
  publish(mail: Mail): Promise<void>;
}

export interface Mail {
  readonly recipient: string;
  /** Printable ASCII, at most 100 characters. */
  readonly subject: string;
  readonly text: string;
}

export type Sending = { readonly recipient: string; readonly notices: number } & (
  | { readonly outcome: "sent" | "known" }
  | { readonly outcome: "failed"; readonly cause: unknown }
);

export interface Post {
  readonly alerts: Alerts;
  readonly marks: Marks;
  readonly rate: Rate;
  readonly links: Links;
  readonly calls: Calls;
  readonly hooks: Hooks;
  readonly unsent: UnsentNotices;
}

const LANES = 8;
const MARK_LANES = 16;
/** In a report: mails leave although nobody knows who will be called; a repeat makes that good. */
const ON_CALL = "whoever is on call";
const WEBHOOKS = "webhooks";

/**
 * One mail to each recipient for all notices it has not had yet. Reports every recipient; never rejects for one.
 * Notices of which some mail did not leave, or that nobody could be called for, are kept.
 */
export async function notify(
  { notices }: NotifyRequest,
  fleet: Fleet,
  post: Post,
): Promise<Sending[]> {
  const unheard = await post.calls.hear(notices, fleet);
  const wanted = await wantedOf(notices, post);
  const unlaid = await post.hooks.lay(wanted, fleet);
  const digests = digestsOf(wanted, fleet);
  const sendings = await inLanes(LANES, digests, (digest) => send(digest, fleet, post));
  const failed = new Set(
    sendings.flatMap(({ outcome, recipient }) => (outcome === "failed" ? [recipient] : [])),
  );
  const unsent = digests.filter(({ recipient }) => failed.has(recipient));
  const stuck = new Set([
    ...unheard.keys(),
    ...unlaid.keys(),
    ...unsent.flatMap((digest) => digest.notices),
  ]);
  await inLanes(MARK_LANES, notices, (notice) =>
    stuck.has(notice) ? post.unsent.keep(notice) : post.unsent.settle(notice),
  );
  return [...missed(ON_CALL, unheard), ...missed(WEBHOOKS, unlaid), ...sendings];
}

/** A call that could not leave in time may be over by now. Who cannot be asked about is called. */
async function wantedOf(notices: readonly Notice[], { calls }: Post): Promise<readonly Notice[]> {
  const wanted = await inLanes(MARK_LANES, notices, (notice) =>
    calls.isWanted(notice).catch(() => true),
  );
  return notices.filter((_, index) => wanted[index]);
}

function missed(recipient: string, by: ReadonlyMap<Notice, unknown>): readonly Sending[] {
  const [cause] = by.values();
  return by.size === 0 ? [] : [{ recipient, notices: by.size, outcome: "failed", cause }];
}

async function send(digest: Digest, fleet: Fleet, post: Post): Promise<Sending> {
  const { recipient } = digest;
  const { alerts, marks, rate } = post;
  let mine: readonly Notice[] = [];
  try {
    const { ours, theirs } = await unsent(digest, marks);
    mine = ours;
    if (mine.length === 0) return inOtherHands(recipient, theirs.length);
    const due = { recipient, notices: mine };
    await rate.turn(recipient);
    await alerts.publish({
      recipient,
      subject: subjectOf(due),
      text: textOf(await withLinks(due, post), fleet),
    });
    await settled(due, marks, "sent");
    if (theirs.length > 0) return inOtherHands(recipient, theirs.length);
    return { recipient, notices: mine.length, outcome: "sent" };
  } catch (cause) {
    await settled({ recipient, notices: mine }, marks, "failed").catch(() => undefined);
    return { recipient, notices: mine.length, outcome: "failed", cause };
  }
}

/** A mail without links still has the commands: better that than none. */
async function withLinks({ recipient, notices }: Digest, { links }: Post): Promise<Digest> {
  const linked = notices.map(async (notice) => {
    const more = await links.of(notice, recipient).catch((cause: unknown) => {
      console.error(JSON.stringify({ level: "error", code: "NoLinks", message: String(cause) }));
      return [];
    });
    return { ...notice, lines: [...notice.lines, ...more] };
  });
  return { recipient, notices: await Promise.all(linked) };
}

/** Who is sending may have died over it: then this has to be repeated, and a success would not be. */
const inOtherHands = (recipient: string, theirs: number): Sending =>
  theirs === 0
    ? { recipient, notices: 0, outcome: "known" }
    : { recipient, notices: 0, outcome: "failed", cause: `${theirs} in other hands` };

async function unsent({ recipient, notices }: Digest, marks: Marks) {
  const claims = await inLanes(MARK_LANES, notices, (notice) => marks.claim(notice, recipient));
  const of = (claim: (typeof claims)[number]) =>
    notices.filter((_, index) => claims[index] === claim);
  return { ours: of("ours"), theirs: of("theirs") };
}

const settled = ({ recipient, notices }: Digest, marks: Marks, state: "sent" | "failed") =>
  inLanes(MARK_LANES, notices, (notice) => marks.settle(notice, recipient, state));
