import { executionPrefix } from "../../../functions/failover/contract.ts";
import type { Measured } from "../../../functions/failover/measure.ts";
import { keys, prefixes } from "../../../functions/ledger/contract.ts";
import type { Roles } from "../../sla/roles.ts";
import { byAuthority } from "../../sla/roles.ts";
import type { Access } from "../access.ts";
import { askSites } from "../ask-sites.ts";
import { runningFailover } from "../at-work.ts";
import { folderOf, type HaltRecord } from "../halt-lines.ts";
import type { Running } from "../running.ts";
import { readInstanceBooks } from "../site-books.ts";
import type { GameDayBegun } from "./record.ts";

/** What the failover that a game day provokes has come to. */
export interface Sight {
  /** Another server is the primary, or RDS was asked to make it one: it only goes forward. */
  readonly isPromoted: boolean;
  readonly running?: Running;
  /** It is recorded: folder and figures. */
  readonly done?: { readonly folder: string; readonly measured: Measured };
  readonly halted?: HaltRecord & { readonly folder: string };
}

/** Folders of failovers from these roles that their owner's ledger has already. Rejects if it does not answer. */
export async function foldersOf(
  { ledgers }: Access,
  { instance, owner, epoch }: Pick<Roles, "instance" | "owner" | "epoch">,
): Promise<readonly string[]> {
  const listed = await ledgers(owner).list(prefixes.failovers(instance));
  const own = listed.map(({ key }) => key).filter((key) => isOf({ instance, epoch }, key));
  return [...new Set(own.map((key) => folderIn(instance, key)))];
}

const isOf = (roles: Pick<Roles, "instance" | "epoch">, key: string) =>
  folderIn(roles.instance, key).startsWith(executionPrefix(roles));

/** Throws UserError if no ledger answers; rejects if the owner's does not. */
export async function sightOf(
  access: Access,
  { instance, owner, epoch, known }: GameDayBegun,
): Promise<Sight> {
  const ledger = access.ledgers(owner);
  const [asked, listed] = await Promise.all([
    askSites(access, (site) => readInstanceBooks(access, site, instance)),
    ledger.list(prefixes.failovers(instance)),
  ]);
  const provoked = listed
    .map(({ key }) => key)
    .filter((key) => isOf({ instance, epoch }, key) && !known.includes(folderIn(instance, key)));
  const read = async <T>(part: string): Promise<{ folder: string; value: T } | undefined> => {
    const key = provoked.filter((each) => each.endsWith(`/${part}.json`)).at(-1);
    const found = key === undefined ? undefined : await ledger.read<T>(key);
    return key && found ? { folder: folderIn(instance, key), value: found.value } : undefined;
  };
  const [roles] = asked.books
    .flatMap((each) => each.roles.get(instance) ?? [])
    .toSorted(byAuthority);
  const atWork = runningFailover(instance, asked);
  const [record, halt, promotion] = await Promise.all([
    read<{ readonly measured: Measured }>("record"),
    read<HaltRecord>("halted"),
    atWork && promotionOf(access, instance, atWork),
  ]);
  return {
    isPromoted: isLater(roles, epoch) || promotion?.promotedAt !== undefined,
    ...(promotion && { running: promotion }),
    ...(record && { done: { folder: record.folder, measured: record.value.measured } }),
    ...(halt && !atWork && { halted: { ...halt.value, folder: halt.folder } }),
  };
}

const isLater = (roles: Roles | undefined, epoch: number) => (roles?.epoch ?? epoch) > epoch;

interface AtWork {
  readonly execution: string;
  readonly region: string;
}

async function promotionOf(access: Access, instance: string, atWork: AtWork): Promise<Running> {
  const { execution, region } = atWork;
  const folder = folderOf(execution, undefined);
  const key = keys.failover(instance, folder, "promote");
  const note = await access
    .ledgers(region)
    .read<{ readonly state: string; readonly at: string }>(key);
  const isAsked = note?.value.state === "asked";
  return { execution, region, folder, ...(isAsked && { promotedAt: note.value.at }) };
}

/** `failovers/acme/fo-…/record.json` → `fo-…` */
const folderIn = (instance: string, key: string) =>
  key.slice(prefixes.failovers(instance).length).split("/")[0] ?? "";
