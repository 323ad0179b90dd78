import type { FrozenCopy } from "../freeze/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import {
  type Access,
  type Download,
  type DownloadLink,
  downloadPath,
  fileName,
  isOwnDump,
  linkId,
  sealOf,
  tokenOf,
} from "./contract.ts";

/** Where links are kept and answered. */
export interface LinkDesk {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** URL of what answers them. */
  readonly page: string;
}

export interface LinkWish {
  readonly instance: string;
  readonly copy: FrozenCopy;
  readonly expiresSeconds: number;
  /** 32 bytes that nobody can guess. */
  readonly random: Uint8Array;
  /** Who makes it, for the ledger. */
  readonly by: string;
}

export interface MadeLink {
  readonly instance: string;
  readonly id: string;
  /** Shown once: it is kept nowhere. */
  readonly url: string;
  readonly file: string;
  readonly until: string;
  readonly copy: FrozenCopy;
}

/** A link to a frozen copy, written down. Rejects with a bug's code where the copy is not the instance's. */
export async function makeLink(
  { ledger, clock, page }: LinkDesk,
  wish: LinkWish,
): Promise<MadeLink> {
  const { instance, copy, expiresSeconds, random, by } = wish;
  const now = clock.now();
  const until = new Date(now.getTime() + clock.paced(expiresSeconds)).toISOString();
  const { backup, takenAt, dump } = copy;
  const download: Download = { instance, backup, takenAt, key: dump.key, until };
  if (!isOwnDump(download)) {
    throw new SlaError("FrozenStrange", "bug", `${dump.key} is no place for a dump of ${instance}`);
  }
  const token = tokenOf(instance, random);
  const id = linkId(token);
  const link: DownloadLink = {
    ...{ ...download, bytes: dump.bytes, sha256: dump.sha256 },
    ...{ madeAt: now.toISOString(), by, seal: sealOf(token, download) },
  };
  const isNew = await ledger.create(keys.link(instance, id), link);
  if (!isNew) throw new SlaError("LinkTaken", "bug", `${instance} has a link ${id} already`);
  const file = fileName(link);
  return { instance, id, url: new URL(downloadPath(token, file), page).href, file, until, copy };
}

/** A link as it is now. */
export interface LinkView
  extends Pick<DownloadLink, "backup" | "takenAt" | "madeAt" | "by" | "until" | "revoked"> {
  readonly id: string;
  readonly state: "open" | "expired" | "revoked";
  readonly clicks: number;
  readonly lastClick?: Access;
}

const LANES = 16;

/** All links of an instance, the newest last. */
export async function linksOf(
  ledger: Ledger,
  now: Date,
  instance: string,
): Promise<readonly LinkView[]> {
  const listed = await ledger.list(prefixes.links(instance));
  const views = await inLanes(LANES, listed, async ({ key }) => {
    const entry = await ledger.read<DownloadLink>(key);
    return entry ? [await viewOf(ledger, now, instance, idIn(key), entry.value)] : [];
  });
  return views.flat().toSorted((one, other) => (one.madeAt < other.madeAt ? -1 : 1));
}

/** Those that lead somewhere; nobody's clicks are counted for it. */
export async function openLinks(
  ledger: Ledger,
  now: Date,
  instance: string,
): Promise<readonly DownloadLink[]> {
  const listed = await ledger.list(prefixes.links(instance));
  const found = await inLanes(LANES, listed, ({ key }) => ledger.read<DownloadLink>(key));
  return found.flatMap((entry) =>
    entry && stateOf(entry.value, now) === "open" ? [entry.value] : [],
  );
}

/** `links/acme/0123456789abcdef.json` */
export const idIn = (key: string) => key.slice(key.lastIndexOf("/") + 1, -".json".length);

async function viewOf(
  ledger: Ledger,
  now: Date,
  instance: string,
  id: string,
  link: DownloadLink,
): Promise<LinkView> {
  const { backup, takenAt, madeAt, by, until, revoked } = link;
  // Their names begin with instants: the last is the newest.
  const clicks = await ledger.list(prefixes.accesses(instance, id));
  const last = clicks.at(-1) && (await ledger.read<Access>(clicks.at(-1)?.key ?? ""));
  return {
    ...{ id, state: stateOf(link, now), backup, takenAt, madeAt, by, until, clicks: clicks.length },
    ...(revoked && { revoked }),
    ...(last && { lastClick: last.value }),
  };
}

function stateOf({ revoked, until }: DownloadLink, now: Date): LinkView["state"] {
  if (revoked) return "revoked";
  return now.getTime() >= Date.parse(until) ? "expired" : "open";
}

/** Ends a link; false where the instance has none of this id. */
export async function revokeLink(
  ledger: Ledger,
  instance: string,
  id: string,
  revoked: { readonly at: string; readonly by: string },
): Promise<boolean> {
  const found = await rewrite<DownloadLink>(ledger, keys.link(instance, id), (current) =>
    current && !current.revoked ? { ...current, revoked } : undefined,
  );
  return found !== undefined;
}
