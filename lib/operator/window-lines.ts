import type { WindowRecord } from "../sla/books/window.ts";
import type { ShownWindow } from "../sla/books/windows-shown.ts";
import { formatDuration } from "../sla/duration.ts";
import type { Fleet } from "../sla/fleet.ts";
import { hanging } from "./hanging.ts";
import { localTime } from "./local-time.ts";
import { type Disturbed, type PlanPart, partsOf, type WindowPlan } from "./window-plan.ts";
import { countsWords, lengthWords, spanWords } from "./window-words.ts";
import type { KnownWindows, Told } from "./windows.ts";

/** What announcing a window would mean, at most 80 columns wide. */
export function planLines(plan: WindowPlan, timezone: string): readonly string[] {
  const { record, parts, disturbed, recipients } = plan;
  const { kind, fromAt, toAt, scope, instances, reason, holdsFailovers } = record;
  return [
    `${kind} maintenance`,
    ...hanging(
      "  when       ",
      `${spanWords(fromAt, toAt, timezone)}, ${lengthWords(fromAt, toAt)}`,
    ),
    ...hanging("  whom       ", `${scope} (${idsWords(instances)})`),
    ...hanging("  what       ", reason),
    ...parts.flatMap((part) => hanging("  counts     ", partWords(part, kind))),
    ...hanging("  failovers  ", failoverWords(holdsFailovers === true)),
    ...hanging("  mails      ", `to ${recipients.length} addresses`),
    ...parts.flatMap((part) => lengthWarning(part, fromAt, toAt)),
    ...disturbed.flatMap((each) => hanging("! ", disturbedWords(each, timezone))),
  ];
}

const partWords = (part: PlanPart, kind: WindowRecord["kind"]) =>
  `${part.plan.name}: ${countsWords(part, kind)} (${idsWords(part.instances.map(({ id }) => id))})`;

const failoverWords = (isHeld: boolean) =>
  isHeld
    ? "none begins by itself while the home region answers; watched as always"
    : "begin by themselves as always";

const MANY = 5;

/** `acme, birch`, `1000 instances` */
const idsWords = (ids: readonly string[]) =>
  ids.length > MANY ? `${ids.length} instances` : ids.join(", ");

function lengthWarning({ plan }: PlanPart, fromAt: string, toAt: string): readonly string[] {
  const usual = plan.maintenance?.usuallyUnderSeconds;
  if (usual === undefined || (Date.parse(toAt) - Date.parse(fromAt)) / 1000 <= usual) return [];
  return hanging("! ", `longer than the ${formatDuration(usual)} that ${plan.name} calls usual`);
}

function disturbedWords({ plan, region, hours, instances }: Disturbed, timezone: string): string {
  const at = localTime(timezone)(new Date(hours.fromMs).toISOString());
  const promise = plan.maintenance?.outsideBusinessHours ? `, which ${plan.name} rules out` : "";
  return `business hours in ${region} from ${at}${promise}: ${idsWords(instances)}`;
}

/** Who could not be told, and how to tell them. */
export function toldLines({ untold, unmailed }: Told, window: string): readonly string[] {
  const again = `sla maintenance tell ${window}`;
  return [
    ...untold.flatMap((site) =>
      hanging("! ", `${site} does not answer and does not know of it; later: ${again}`),
    ),
    ...(unmailed > 0 ? hanging("! ", `${unmailed} mails could not be handed over; ${again}`) : []),
  ];
}

/** `unreadable`, `silent`: what is not in it. */
export type Listing = KnownWindows & { readonly shown: readonly ShownWindow[] };

export function listLines({ shown, windows, unreadable, silent }: Listing, fleet: Fleet) {
  const records = new Map(windows.map((window) => [window.record.window, window]));
  return [
    ...(shown.length === 0
      ? ["no maintenance is announced, and none was in the last 31 days"]
      : []),
    ...shown.flatMap((each) => {
      const window = records.get(each.window);
      const own = fleet.instances.filter(({ id }) => each.instances.includes(id));
      const parts = window ? partsOf(fleet, own, window.record, window) : [];
      return [...shownLines(each, fleet.provider.timezone), ...countedLines(each, parts)];
    }),
    ...unreadable.flatMap((key) => hanging("! ", `nobody can read ${key}: it says nothing`)),
    ...silent.flatMap((site) =>
      hanging("! ", `${site} does not answer; what it knows is not here`),
    ),
  ];
}

function shownLines(each: ShownWindow, timezone: string): readonly string[] {
  const { window, kind, state, from, to, announced, reason, instances, holdsFailovers } = each;
  return [
    `${window}: ${kind}, ${state}`,
    ...hanging("  when       ", `${spanWords(from, to, timezone)}, ${lengthWords(from, to)}`),
    ...hanging("  whom       ", idsWords(instances)),
    ...hanging("  what       ", reason),
    ...hanging("  announced  ", localTime(timezone)(announced)),
    ...(holdsFailovers ? hanging("  failovers  ", failoverWords(true)) : []),
  ];
}

const countedLines = ({ state, kind }: ShownWindow, parts: readonly PlanPart[]) =>
  state === "cancelled"
    ? []
    : parts.flatMap((part) => hanging("  counts     ", partWords(part, kind)));
