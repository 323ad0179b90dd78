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
import type { Ledger } from "./ledger.ts";
import { recordsBelow } from "./records.ts";

/** A ledger, or a copy of one. */
type Shelf = Pick<Ledger, "list" | "read">;

export interface Announced {
  readonly windows: readonly Window[];
  /** Keys of records that nobody can read, or whose copies differ: they say nothing. */
  readonly unreadable: readonly string[];
}

/** Windows of maintenance as one ledger or several know them. Rejects if one does not answer. */
export async function announced(shelves: readonly Shelf[]): Promise<Announced> {
  const found = (
    await inLanes(shelves.length, shelves, (shelf) => recordsBelow(shelf, prefixes.maintenance))
  ).flat();
  const windows: (Copy<WindowRecord> & { readonly key: string })[] = [];
  const cancellations: Copy<CancellationRecord>[] = [];
  const unreadable = new Set<string>();
  for (const { key, value, ...written } of found) {
    const [window, cancellation] = [readWindow(value), readCancellation(value)];
    if (window && keys.maintenance(window.window) === key) {
      windows.push({ key, record: window, ...written });
    } else if (cancellation && keys.cancellation(cancellation.cancels) === key) {
      cancellations.push({ record: cancellation, ...written });
    } else unreadable.add(key);
  }
  const whole = [...Map.groupBy(windows, ({ key }) => key)].flatMap(([key, copies]) => {
    const window = windowOf(copies, cancelling(cancellations, copies));
    if (!window) unreadable.add(key);
    return window ?? [];
  });
  return { windows: whole, unreadable: [...unreadable].toSorted() };
}

const cancelling = (
  all: readonly Copy<CancellationRecord>[],
  copies: readonly Copy<WindowRecord>[],
) => all.filter(({ record }) => record.cancels === copies[0]?.record.window);
