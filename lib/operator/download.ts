import {
  type Download,
  type DownloadLink,
  downloadPath,
  fileName,
  isOwnDump,
  linkId,
  sealOf,
  tokenOf,
} from "../../functions/download/contract.ts";
import type { FrozenCopy } from "../../functions/freeze/contract.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { UserError } from "../cli/user-error.ts";
import { parseDuration } from "../sla/duration.ts";
import type { Frozen, Instance } from "../sla/fleet.ts";
import type { Access } from "./access.ts";
import type { FrozenShelf } from "./frozen-shelf.ts";

const [SHORTEST, LONGEST] = ["15m", "30d"] as const;

/** Plan seconds. Throws UserError that says what is allowed. */
export function parseExpiry(text: string): number {
  const seconds = secondsIn(text);
  if (seconds >= parseDuration(SHORTEST) && seconds <= parseDuration(LONGEST)) return seconds;
  throw new UserError(
    `--expires: '${text}': expected how long the link works, ${SHORTEST} to ${LONGEST}, like 7d`,
  );
}

function secondsIn(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return 0;
  }
}

export interface LinkWish {
  /** Default: the newest. */
  readonly backup?: string;
  readonly expiresSeconds: number;
  /** 32 bytes that nobody can guess. */
  readonly random: Uint8Array;
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

/** Where frozen copies of a fleet are made. Throws UserError where it has none. */
export function frozenOf({ fleet }: Pick<Access, "fleet">): Frozen {
  if (fleet.frozen) return fleet.frozen;
  throw new UserError(
    "frozen: the fleet makes no frozen copies, so there is nothing to download; docs/plans.md says how",
  );
}

/** A link to a frozen copy, written down. Throws UserError where there is none, or nobody would answer it. */
export async function makeLink(
  access: Access,
  shelf: FrozenShelf,
  instance: Instance,
  wish: LinkWish,
): Promise<MadeLink> {
  const { region } = frozenOf(access);
  const { clock, ledgers, caller } = access;
  const { id } = instance;
  const copy = chosen(await shelf.copies(region, id), instance, access, wish);
  const page = await shelf.page(region);
  if (page === undefined) {
    throw new UserError(`${region}: nobody answers links there: ${whyUnanswered}`, 1);
  }
  const now = clock.now();
  const until = new Date(now.getTime() + clock.paced(wish.expiresSeconds)).toISOString();
  const { backup, takenAt, dump } = copy;
  const download: Download = { instance: id, backup, takenAt, key: dump.key, until };
  if (!isOwnDump(download)) {
    throw new SlaError("FrozenStrange", "bug", `${dump.key} is no place for a dump of ${id}`);
  }
  const token = tokenOf(id, wish.random);
  const link: DownloadLink = {
    ...{ ...download, bytes: dump.bytes, sha256: dump.sha256 },
    ...{ madeAt: now.toISOString(), by: caller, seal: sealOf(token, download) },
  };
  const isNew = await ledgers(region).create(keys.link(id, linkId(token)), link);
  if (!isNew) throw new SlaError("LinkTaken", "bug", `${id} has a link ${linkId(token)} already`);
  const file = fileName(link);
  const url = new URL(downloadPath(token, file), page).href;
  return { instance: id, id: linkId(token), url, file, until, copy };
}

const whyUnanswered =
  "deploy its site (npm run deploy); where Lambda serves no URLs, links need another frozen.region";

function chosen(
  copies: readonly FrozenCopy[],
  { id, plan }: Instance,
  { fleet }: Access,
  { backup }: LinkWish,
): FrozenCopy {
  const copy = copies.findLast((each) => backup === undefined || each.backup === backup);
  if (copy) return copy;
  if (copies.length > 0) {
    const known = copies.map((each) => each.backup).join(", ");
    throw new UserError(`--backup: '${backup}' of ${id} is not frozen; frozen are ${known}`);
  }
  const why = fleet.plans[plan]?.frozen
    ? `none was made yet: sla restore-test ${id} --region ${fleet.frozen?.region}`
    : `its plan '${plan}' sells none`;
  throw new UserError(`${id} has no frozen copy: ${why}`, 1);
}
