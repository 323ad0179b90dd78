import {
  type Access as Click,
  type DownloadLink,
  linkId,
} from "../../functions/download/contract.ts";
import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import { rewrite } from "../../functions/ledger/written.ts";
import { UserError } from "../cli/user-error.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Access } from "./access.ts";
import { frozenOf } from "./download.ts";

const LANES = 16;

/** A link as it is now. */
export interface LinkView
  extends Pick<DownloadLink, "backup" | "takenAt" | "madeAt" | "by" | "until" | "revoked"> {
  readonly id: string;
  readonly state: "open" | "expired" | "revoked";
  readonly clicks: number;
  readonly lastClick?: Click;
}

/** All links of an instance, the newest last. */
export async function linksOf(access: Access, { id }: Instance): Promise<readonly LinkView[]> {
  const ledger = access.ledgers(frozenOf(access).region);
  const listed = await ledger.list(prefixes.links(id));
  const views = await inLanes(LANES, listed, async ({ key }) => {
    const entry = await ledger.read<DownloadLink>(key);
    return entry ? [await viewOf(access, id, idIn(key), entry.value)] : [];
  });
  return views.flat().toSorted((one, other) => (one.madeAt < other.madeAt ? -1 : 1));
}

/** `links/acme/0123456789abcdef.json` */
const idIn = (key: string) => key.slice(key.lastIndexOf("/") + 1, -".json".length);

async function viewOf(access: Access, instance: string, id: string, link: DownloadLink) {
  const ledger = access.ledgers(frozenOf(access).region);
  const { backup, takenAt, madeAt, by, until, revoked } = link;
  // Their names begin with instants: the last is the newest.
  const clicks = await ledger.list(prefixes.accesses(instance, id));
  const last = clicks.at(-1) && (await ledger.read<Click>(clicks.at(-1)?.key ?? ""));
  const isOver = access.clock.now().getTime() >= Date.parse(until);
  const state: LinkView["state"] = revoked ? "revoked" : isOver ? "expired" : "open";
  return {
    ...{ id, state, backup, takenAt, madeAt, by, until, clicks: clicks.length },
    ...(revoked && { revoked }),
    ...(last && { lastClick: last.value }),
  };
}

/** Ends a link, named by itself or by its id. Throws UserError where the instance has none such. */
export async function revokeLink(access: Access, { id }: Instance, given: string): Promise<string> {
  const { clock, ledgers, caller } = access;
  const link = idOf(given);
  const ledger = ledgers(frozenOf(access).region);
  const revoked = { at: clock.now().toISOString(), by: caller };
  const found = await rewrite<DownloadLink>(ledger, keys.link(id, link), (current) =>
    current && !current.revoked ? { ...current, revoked } : undefined,
  );
  if (found) return link;
  const known = (await ledger.list(prefixes.links(id))).map(({ key }) => idIn(key)).join(", ");
  throw new UserError(`--revoke: ${id} has no link '${link}'; it has ${known || "none"}`);
}

/** Of an id, a link, or what stands behind the /d/ of one. Throws UserError. */
function idOf(given: string): string {
  if (/^[0-9a-f]{16}$/.test(given)) return given;
  const [, token] = /(?:^|\/d\/)([a-z][a-z0-9-]*\.[\w-]{43})(?:\/|$)/.exec(given) ?? [];
  if (token !== undefined) return linkId(token);
  throw new UserError(
    "--revoke: expected a link as it was printed, or its id (sla download ID --list shows them)",
  );
}
