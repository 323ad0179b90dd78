import { endOf, type Window } from "../../lib/sla/books/window.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import { DAYS_SHOWN } from "./days.ts";

/** A window of maintenance as a page shows it; instants ISO 8601. */
export interface Planned {
  /** The same at every look. */
  readonly id: string;
  readonly kind: "planned" | "emergency";
  readonly from: string;
  /** As announced, or when it was ended before. */
  readonly to: string;
  readonly reason: string;
  /** Names of what it concerns; empty: all of the page. */
  readonly whom: readonly string[];
  /** When a ledger had it, whatever its record says. */
  readonly announced: string;
  /** It does not take place. */
  readonly cancelled?: string;
  /** It ended before its time. */
  readonly shortened?: string;
}

/** Whom a page is for: the instances that it may name, and what it calls them. */
export interface Named {
  readonly instances: readonly Pick<Instance, "id">[];
  readonly nameOf: (id: string) => string;
}

const DAY_MS = 86_400_000;

/** On a customer's page: what concerns its instances, whomever else it concerns. In the order in which windows begin. */
export function plannedForCustomer(
  windows: readonly Window[],
  { instances, nameOf }: Named,
  nowMs: number,
): readonly Planned[] {
  const ids = instances.map(({ id }) => id);
  return shown(windows, nowMs).flatMap((window) => {
    const own = ids.filter((id) => window.record.instances.includes(id));
    const whom = own.length === ids.length ? [] : own.map(nameOf);
    return own.length === 0 ? [] : [plannedOf(window, whom)];
  });
}

/** On everybody's: what concerns the whole fleet, or nobody who is not named there anyway: its reason may name whom it is for. */
export function plannedForEverybody(
  windows: readonly Window[],
  { instances, nameOf }: Named,
  nowMs: number,
): readonly Planned[] {
  const named = new Set(instances.map(({ id }) => id));
  return shown(windows, nowMs).flatMap((window) => {
    const { scope, instances: concerned } = window.record;
    if (scope === "fleet") return [plannedOf(window, [])];
    return concerned.every((id) => named.has(id)) ? [plannedOf(window, concerned.map(nameOf))] : [];
  });
}

const shown = (windows: readonly Window[], nowMs: number): readonly Window[] =>
  windows
    .filter(({ toMs }) => toMs >= nowMs - DAYS_SHOWN * DAY_MS)
    .toSorted((a, b) => a.fromMs - b.fromMs || (a.record.window < b.record.window ? -1 : 1));

function plannedOf(window: Window, whom: readonly string[]): Planned {
  const { window: id, kind, reason, toAt } = window.record;
  const { fromMs, announcedMs, cancelledMs = Number.POSITIVE_INFINITY } = window;
  const isCancelled = cancelledMs <= fromMs;
  const isShortened = !isCancelled && cancelledMs < window.toMs;
  return {
    ...{ id, kind, reason, whom, announced: iso(announcedMs), from: iso(fromMs) },
    to: isCancelled ? iso(Date.parse(toAt)) : iso(endOf(window)),
    ...(isCancelled && { cancelled: iso(cancelledMs) }),
    ...(isShortened && { shortened: iso(cancelledMs) }),
  };
}

/** When what is said of a window was said last. */
export const revisedAt = ({ announced, cancelled, shortened }: Planned): string =>
  cancelled ?? shortened ?? announced;

const iso = (ms: number) => new Date(ms).toISOString();
