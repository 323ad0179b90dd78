import { pairedFiles } from "../../functions/aws/paired-files.ts";
import { EXPIRY } from "../../functions/download/contract.ts";
import { type MadeLink, makeLink as makeLinkAt } from "../../functions/download/links.ts";
import { filesFor } from "../../functions/download/paired.ts";
import type { Pairs } from "../../functions/download/ports.ts";
import type { FrozenCopy } from "../../functions/freeze/contract.ts";
import { UserError } from "../cli/user-error.ts";
import { isFrozen } from "../sla/destination.ts";
import { dumpedIn } from "../sla/dumps.ts";
import { parseDuration } from "../sla/duration.ts";
import type { Frozen, Instance } from "../sla/fleet.ts";
import type { Access } from "./access.ts";
import type { FrozenShelf } from "./frozen-shelf.ts";

/** Plan seconds. Throws UserError that says what is allowed. */
export function parseExpiry(text: string): number {
  const seconds = secondsIn(text);
  if (seconds >= EXPIRY.least && seconds <= EXPIRY.most) return seconds;
  throw new UserError(
    `--expires: '${text}': expected how long the link works, 15m to 30d, like 7d`,
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
  readonly pairs: Pairs;
}

/** With the rights of whoever asks. */
export const pairsOf = (access: Access): Pairs =>
  pairedFiles(access.clock, {
    account: access.fleet.provider.account,
    region: frozenOf(access).region,
  });

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
  const files = await filesFor(wish.pairs, access.fleet, instance, copy.backup);
  const { expiresSeconds, random } = wish;
  return makeLinkAt(
    { ledger: ledgers(region), clock, page },
    { instance: id, copy, files, expiresSeconds, random, by: caller },
  );
}

const whyUnanswered =
  "deploy its site (npm run deploy); where Lambda serves no URLs, links need another frozen.region";

function chosen(
  copies: readonly FrozenCopy[],
  instance: Instance,
  { fleet }: Access,
  { backup }: LinkWish,
): FrozenCopy {
  const { id, plan } = instance;
  const sold = fleet.plans[plan];
  const copy = copies.findLast((each) => backup === undefined || each.backup === backup);
  if (copy) return copy;
  if (copies.length > 0) {
    const known = copies.map((each) => each.backup).join(", ");
    throw new UserError(`--backup: '${backup}' of ${id} is not frozen; frozen are ${known}`);
  }
  const why =
    sold && isFrozen(instance, sold)
      ? `none was made yet: sla restore-test ${id} --region ${fleet.frozen?.region}`
      : `its plan '${plan}' sells none${dumpedIn(instance, sold, fleet.frozen) === undefined ? "" : "; --fresh makes a dump of now"}`;
  throw new UserError(`${id} has no frozen copy: ${why}`, 1);
}
