import { endOf, holdingWindow } from "../../lib/sla/books/window.ts";
import type { HeldBack } from "../../lib/sla/incident-state.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { announced } from "../ledger/maintenance.ts";

/** Those of the instances whose failovers a window of maintenance holds back at an instant, ISO 8601. */
export async function heldBack(
  ledger: Ledger,
  instances: readonly string[],
  at: string,
): Promise<ReadonlyMap<string, HeldBack>> {
  const { windows } = await announced([ledger]);
  return new Map(
    instances.flatMap((instance) => {
      const window = holdingWindow(windows, instance, Date.parse(at));
      if (!window) return [];
      const until = new Date(endOf(window)).toISOString();
      return [[instance, { window: window.record.window, until }] as const];
    }),
  );
}
