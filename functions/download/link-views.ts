import { inLanes } from "../kernel/lanes.ts";
import { prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Access, DownloadLink, Fetches } from "./contract.ts";

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
