import { endOf, isInForce, type Window } from "../sla/books/window.ts";

/** A window of maintenance that an instance is in. */
export interface MaintenanceNow {
  readonly window: string;
  readonly kind: "planned" | "emergency";
  /** ISO 8601. */
  readonly until: string;
  /** No failover begins by itself while the home region answers. */
  readonly holdsFailovers: boolean;
}

/** Of several the one that holds failovers back, then the one that lasts longest. */
export function maintenanceNow(
  instance: string,
  { windows = [], now }: { readonly windows?: readonly Window[]; readonly now: Date },
): { readonly maintenance?: MaintenanceNow } {
  const rank = (window: Window) => (window.record.holdsFailovers ? 1e15 : 0) + endOf(window);
  const [window] = windows
    .filter((each) => each.record.instances.includes(instance) && isInForce(each, now.getTime()))
    .toSorted((a, b) => rank(b) - rank(a));
  if (!window) return {};
  const { window: id, kind, holdsFailovers = false } = window.record;
  const until = new Date(endOf(window)).toISOString();
  return { maintenance: { window: id, kind, until, holdsFailovers } };
}
