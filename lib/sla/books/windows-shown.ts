import { endOf, type Window } from "./window.ts";

export type WindowState = "announced" | "in-progress" | "over" | "cancelled";

/** A window as customers may see it: it says what and when, not who. */
export interface ShownWindow {
  readonly window: string;
  readonly kind: "planned" | "emergency";
  readonly state: WindowState;
  /** ISO 8601; `to`: as announced, or when it was ended before. */
  readonly from: string;
  readonly to: string;
  readonly announced: string;
  readonly reason: string;
  /** Of those that were asked about. */
  readonly instances: readonly string[];
  readonly holdsFailovers: boolean;
}

interface Wish {
  /** Only those that concern one of them; absent: all. */
  readonly instances?: readonly string[];
  /** What ended earlier is left out. */
  readonly sinceMs: number;
  readonly nowMs: number;
}

/** What a feed says of maintenance: under way and to come first, in the order in which they begin, then what is over. */
export function windowsShown(
  windows: readonly Window[],
  { instances, sinceMs, nowMs }: Wish,
): readonly ShownWindow[] {
  return windows
    .filter((window) => Math.max(endOf(window), window.fromMs) >= sinceMs)
    .toSorted((a, b) => a.fromMs - b.fromMs || (a.record.window < b.record.window ? -1 : 1))
    .map((window) => shown(window, nowMs))
    .map((each) => ({ ...each, instances: own(each.instances, instances) }))
    .filter((each) => each.instances.length > 0)
    .toSorted((a, b) => Number(isPast(a)) - Number(isPast(b)));
}

/** What one customer sees does not name another. */
const own = (all: readonly string[], asked: readonly string[] | undefined) =>
  asked === undefined ? all : all.filter((id) => asked.includes(id));

const isPast = ({ state }: ShownWindow) => state === "over" || state === "cancelled";

function shown(window: Window, nowMs: number): ShownWindow {
  const { record, fromMs, toMs, announcedMs } = window;
  const state = stateOf(window, nowMs);
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    ...{ window: record.window, kind: record.kind, state },
    ...{ from: iso(fromMs), to: iso(state === "cancelled" ? toMs : endOf(window)) },
    ...{ announced: iso(announcedMs), reason: record.reason, instances: record.instances },
    holdsFailovers: record.holdsFailovers === true,
  };
}

function stateOf(window: Window, nowMs: number): WindowState {
  if (endOf(window) <= window.fromMs) return "cancelled";
  if (nowMs < window.fromMs) return "announced";
  return nowMs < endOf(window) ? "in-progress" : "over";
}
