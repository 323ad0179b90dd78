import type { FrozenCopy } from "../freeze/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import {
  type Access,
  type Archive,
  type DownloadLink,
  downloadPath,
  type Fetches,
  fileName,
  isOwnDump,
  linkId,
  type PairedFiles,
  type Paper,
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

/** The files that belong to a dump. `none`: the plan sells none. `missing`: they have not arrived yet, or nobody keeps them any more. */
export type FilesFound = PairedFiles | "none" | "missing";

export interface LinkWish {
  readonly instance: string;
  readonly copy: FrozenCopy;
  readonly files: FilesFound;
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
  /** URL of all that it leads to: the dump, and the files that belong to it. */
  readonly archive: string;
  readonly files: "there" | "none" | "missing";
  readonly until: string;
  readonly copy: FrozenCopy;
}

/** A link to a frozen copy, written down. Rejects with a bug's code where the copy is not the instance's. */
export async function makeLink(
  { ledger, clock, page }: LinkDesk,
  wish: LinkWish,
): Promise<MadeLink> {
  const { instance, copy, files, expiresSeconds, random, by } = wish;
  const now = clock.now();
  const until = new Date(now.getTime() + clock.paced(expiresSeconds)).toISOString();
  const { backup, takenAt, dump, database, postgres } = copy;
  const { key, bytes, sha256 } = dump;
  const archive: Archive = { database, postgres, ...(typeof files === "object" && { files }) };
  const download = { instance, backup, takenAt, key, until, bytes, sha256, archive };
  if (!isOwnDump(download)) {
    throw new SlaError("FrozenStrange", "bug", `${key} is no place for a dump of ${instance}`);
  }
  const token = tokenOf(instance, random);
  const id = linkId(token);
  const link: DownloadLink = {
    ...download,
    ...{ madeAt: now.toISOString(), by, seal: sealOf(token, download) },
  };
  const isNew = await ledger.create(keys.link(instance, id), link);
  if (!isNew) throw new SlaError("LinkTaken", "bug", `${instance} has a link ${id} already`);
  const file = fileName(link);
  const urlOf = (name: string) => new URL(downloadPath(token, name), page).href;
  return {
    ...{ instance, id, url: urlOf(file), file },
    ...{
      archive: urlOf("archive.json" satisfies Paper),
      files: typeof files === "object" ? ("there" as const) : files,
    },
    ...{ until, copy },
  };
}

/** A link as it is now. */
export interface LinkView
  extends Pick<DownloadLink, "backup" | "takenAt" | "madeAt" | "by" | "until" | "revoked"> {
  readonly id: string;
  readonly state: "open" | "expired" | "revoked";
  readonly clicks: number;
  readonly lastClick?: Access;
  /** Single files: at least as many, on the days that are counted. Absent where none was fetched. */
  readonly fetched?: Pick<Fetches, "led" | "refused" | "lastAt">;
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
  const fetched = await fetchedBy(ledger, instance, id);
  return {
    ...{ id, state: stateOf(link, now), backup, takenAt, madeAt, by, until, clicks: clicks.length },
    ...(revoked && { revoked }),
    ...(last && { lastClick: last.value }),
    ...(fetched && { fetched }),
  };
}

/** A record for each day: a month's at most. */
async function fetchedBy(ledger: Ledger, instance: string, id: string) {
  const listed = await ledger.list(prefixes.fetches(instance, id));
  const found = await inLanes(LANES, listed, ({ key }) => ledger.read<Fetches>(key));
  const days = found.flatMap((entry) => (entry ? [entry.value] : []));
  const lastAt = days.at(-1)?.lastAt;
  const sum = (of: "led" | "refused") => days.reduce((total, day) => total + day[of], 0);
  return lastAt === undefined ? undefined : { led: sum("led"), refused: sum("refused"), lastAt };
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
