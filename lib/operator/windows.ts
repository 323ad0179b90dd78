import { keys, prefixes } from "../../functions/ledger/contract.ts";
import { type Announced, announced } from "../../functions/ledger/maintenance.ts";
import { UserError } from "../cli/user-error.ts";
import type { CancellationRecord, Window, WindowRecord } from "../sla/books/window.ts";
import { endOf } from "../sla/books/window.ts";
import type { Access } from "./access.ts";
import { writeEverywhere } from "./everywhere.ts";
import { handNotices, type Mails } from "./hand-notices.ts";
import { noLedger, reasonIn } from "./no-ledger.ts";
import { announcements, cancellations } from "./window-notices.ts";
import { partsOf } from "./window-plan.ts";

export interface KnownWindows extends Announced {
  /** Sites whose ledger does not answer. */
  readonly silent: readonly string[];
}

/** What the ledgers that answer know. Throws UserError if none does. */
export async function knownWindows({ fleet, ledgers }: Access): Promise<KnownWindows> {
  const sites = Object.keys(fleet.sites);
  const listed = await Promise.allSettled(
    sites.map((site) => ledgers(site).list(prefixes.maintenance)),
  );
  const silent = sites.filter((_, index) => listed[index]?.status === "rejected");
  if (silent.length === sites.length) throw noLedger(sites, { why: reasonIn(listed) });
  const answering = sites.filter((site) => !silent.includes(site));
  return { ...(await announced(answering.map((site) => ledgers(site)))), silent };
}

/** What became of an announcement. */
export interface Told {
  /** Sites whose ledger does not know of it yet. */
  readonly untold: readonly string[];
  /** Notices that no site took. */
  readonly unmailed: number;
}

/** Into every ledger first, then by mail. Repeating it writes and mails what is missing. */
export async function announce(access: Access, mails: Mails, record: WindowRecord): Promise<Told> {
  const { fleet } = access;
  const untold = await writeEverywhere(access, keys.maintenance(record.window), record);
  const instances = fleet.instances.filter(({ id }) => record.instances.includes(id));
  const parts = partsOf(fleet, instances, record);
  const notices = announcements(record, parts, fleet.provider.timezone);
  return { untold, unmailed: await handNotices(access, mails, notices) };
}

/** Before it begins it is as if it had never been; afterwards it is over now. Throws UserError where it is over already. */
export async function cancel(
  access: Access,
  mails: Mails,
  window: Window,
  reason: string,
): Promise<Told & { readonly record: CancellationRecord }> {
  const now = access.clock.now();
  const { record } = window;
  if (window.cancelledMs !== undefined) {
    throw new UserError(
      `${record.window} was cancelled at ${new Date(window.cancelledMs).toISOString()}: nothing is left to cancel`,
    );
  }
  if (endOf(window) <= now.getTime()) {
    throw new UserError(`${record.window} is over since ${record.toAt}: nothing is left to cancel`);
  }
  const cancelled = { cancels: record.window, at: now.toISOString(), by: access.caller, reason };
  return { ...(await tellCancelled(access, mails, record, cancelled)), record: cancelled };
}

async function tellCancelled(
  access: Access,
  mails: Mails,
  record: WindowRecord,
  cancelled: CancellationRecord,
): Promise<Told> {
  const untold = await writeEverywhere(access, keys.cancellation(record.window), cancelled);
  const notices = cancellations(record, cancelled, access.fleet.provider.timezone);
  return { untold, unmailed: await handNotices(access, mails, notices) };
}

/** Tells whoever has not heard of a window, and of its cancellation. Throws UserError where it is over. */
export async function tellAgain(access: Access, mails: Mails, window: Window): Promise<Told> {
  const { record } = window;
  if (window.toMs <= access.clock.now().getTime()) {
    throw new UserError(
      `${record.window} is over since ${record.toAt}: nobody needs to hear of it`,
    );
  }
  const key = keys.cancellation(record.window);
  const sites = Object.keys(access.fleet.sites);
  const found = await Promise.allSettled(
    sites.map((site) => access.ledgers(site).read<CancellationRecord>(key)),
  );
  const [cancelled] = found.flatMap((each) =>
    each.status === "fulfilled" && each.value ? [each.value.value] : [],
  );
  const told = await announce(access, mails, record);
  if (!cancelled) return told;
  const more = await tellCancelled(access, mails, record, cancelled);
  return {
    untold: [...new Set([...told.untold, ...more.untold])],
    unmailed: told.unmailed + more.unmailed,
  };
}

/** The window of this id. Throws UserError that names those to come. */
export function windowIn({ windows }: KnownWindows, id: string): Window {
  const found = windows.find(({ record }) => record.window === id);
  if (found) return found;
  const known = windows.map(({ record }) => record.window).toSorted();
  const hint = known.length === 0 ? "there is none" : `there are ${known.slice(-5).join(", ")}`;
  throw new UserError(`no ledger knows a window '${id}'; ${hint}: sla maintenance list`);
}
