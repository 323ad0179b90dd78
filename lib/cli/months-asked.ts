import { instantMs } from "../operator/instant.ts";
import { monthSpan, type Span } from "../sla/books/month.ts";
import { timezoneOf } from "../sla/books/timezone.ts";
import { hullOf } from "../sla/books/zoned-month.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { type MonthAsked, spanAsked } from "./span-asked.ts";

interface Asked {
  /** What is asked about, by the zones of the fleet file: which ones counted is read later. */
  readonly span: Span;
  /** In ms; as they were asked for. */
  readonly part: { readonly beganMs?: number | undefined; readonly endedMs?: number | undefined };
}

/** A month of instances that may have several zones. Throws UserError where it has begun nowhere, or nothing is asked about. */
export function monthsAsked(
  { month, began, ended }: Omit<MonthAsked, "timezone">,
  instances: readonly Instance[],
  fleet: Fleet,
  nowMs: number,
): Asked {
  const asked = {
    month,
    ...(began !== undefined && { began }),
    ...(ended !== undefined && { ended }),
  };
  const zones = new Set(instances.map((each) => timezoneOf(each, fleet)));
  const [first = fleet.provider.timezone, ...others] = inOrder([...zones], month);
  const spans = [spanAsked({ ...asked, timezone: first }, nowMs).span];
  // Who is told that the first is not over needs not hear it of the others.
  const isOver = spans.every(({ toMs }) => toMs <= nowMs);
  for (const timezone of isOver ? others.slice(-1) : []) spanAsked({ ...asked, timezone }, nowMs);
  spans.push(...others.map((timezone) => monthSpan(month, timezone)));
  const msOf = (text?: string) => (text === undefined ? undefined : instantMs(text, "ceil"));
  return { span: hullOf(spans), part: { beganMs: msOf(began), endedMs: msOf(ended) } };
}

/** Those first whose month begins first; a month that is none is somebody else's to refuse. */
function inOrder(zones: readonly string[], month: string): readonly string[] {
  if (zones.length < 2) return zones;
  const beginIn = (timezone: string) => monthSpan(month, timezone).fromMs;
  return zones.toSorted((one, other) => beginIn(one) - beginIn(other));
}
