import {
  type CancellationRecord,
  type Copy,
  readCancellation,
  readWindow,
  type Window,
  type WindowRecord,
  windowOf,
} from "../../lib/sla/books/window.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, prefixes } from "./contract.ts";
import type { Entry, Ledger } from "./ledger.ts";
import { recordsBelow, valueAt } from "./records.ts";

/** A ledger, or a copy of one. */
type Shelf = Pick<Ledger, "list" | "read">;

/** The records of one ledger as it has them at each call; reads again only what has changed. Rejects if it does not answer. */
export function windowsReader(ledger: Shelf): () => Promise<Shelf> {
  let known = new Map<string, { readonly tag: string; readonly value: unknown }>();
  return async () => {
    const listed = await ledger.list(prefixes.maintenance);
    const read = await inLanes(LANES, listed, async ({ key, tag }) => {
      const before = known.get(key);
      const value = before?.tag === tag ? before.value : await valueAt(ledger, key);
      return [key, { tag, value }] as const;
    });
    const now = new Map(read);
    known = now;
    return {
      list: async () => listed,
      read: async <T>(key: string) => now.get(key) as Entry<T> | undefined,
    };
  };
}

const LANES = 16;

export interface Announced {
  readonly windows: readonly Window[];
  /** Keys of records that nobody can read, whose copies differ, or that nobody can date: they say nothing. */
  readonly unreadable: readonly string[];
}

/**
 * Windows of maintenance as one ledger or several know them. One whose cancellation nobody can read says nothing either: to
 * tear that apart would bring it back. Rejects if one does not answer.
 */
export async function announced(shelves: readonly Shelf[]): Promise<Announced> {
  const found = (
    await inLanes(shelves.length, shelves, (shelf) => recordsBelow(shelf, prefixes.maintenance))
  ).flat();
  const windows: (Copy<WindowRecord> & { readonly key: string })[] = [];
  const cancellations: Copy<CancellationRecord>[] = [];
  const unreadable = new Set<string>();
  for (const { key, value, assembled, ...written } of found) {
    const [window, cancellation] = [readWindow(value), readCancellation(value)];
    if (assembled) unreadable.add(key);
    else if (window && keys.maintenance(window.window) === key) {
      windows.push({ key, record: window, ...written });
    } else if (cancellation && keys.cancellation(cancellation.cancels) === key) {
      cancellations.push({ record: cancellation, ...written });
    } else unreadable.add(key);
  }
  const whole = [...Map.groupBy(windows, ({ key }) => key)].flatMap(([key, copies]) => {
    const own = cancelling(cancellations, copies);
    const isDoubtful = own.length === 0 && unreadable.has(cancellationOf(copies));
    const window = isDoubtful ? undefined : windowOf(copies, own);
    if (!window) unreadable.add(key);
    return window ?? [];
  });
  return { windows: whole, unreadable: [...unreadable].toSorted() };
}

const cancelling = (
  all: readonly Copy<CancellationRecord>[],
  copies: readonly Copy<WindowRecord>[],
) => all.filter(({ record }) => record.cancels === copies[0]?.record.window);

const cancellationOf = (copies: readonly Copy<WindowRecord>[]) =>
  keys.cancellation(copies[0]?.record.window ?? "");
