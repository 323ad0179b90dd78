import type { Shelf } from "../../functions/report/answering.ts";
import { dayOf } from "../../functions/report/days.ts";
import { monthSpan, type Span, within } from "../sla/books/month.ts";
import { serviceSpan } from "../sla/books/service-span.ts";
import { hullOf, zoneDays, zonedMonth } from "../sla/books/zoned-month.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import { leftNotes } from "./left-notes.ts";
import { type Claims, readClaims } from "./month-claims.ts";
import { SeenBook } from "./seen-book.ts";
import { daysOf, type MonthEvidence, type Seen } from "./seen-minutes.ts";

/** What of which month, and of whom. */
export interface ReportWish {
  readonly month: string;
  readonly instances: readonly Instance[];
  /** From when to when of it, in ms; absent: all of it. */
  readonly part?: { readonly beganMs?: number | undefined; readonly endedMs?: number | undefined };
  /** The UTC day that all sites have sealed: whose month lasts longer waits. Absent: nobody waits. */
  readonly through?: string;
  /** In ms. */
  readonly now: () => number;
}

/** What of a fleet a month goes by. */
export type MonthFleet = Pick<Fleet, "plans" | "provider">;

/**
 * A month of which has been read what many instances share: what was seen of it and what is claimed. Of each instance that is a
 * few kilobytes; the rest is read when its turn comes.
 */
export interface OpenMonth extends Pick<ReportWish, "month"> {
  /** Of all instances, where they have one; else the provider's. */
  readonly timezone: string;
  /** Of the first of its instances to begin it to the last to end it. */
  readonly span: Span;
  /** Those that were there. */
  readonly instances: readonly SoldInstance[];
  /** Of those that wait, the UTC day on which the last one's month ends; absent where none waits. */
  readonly waitsFor?: string;
  /** By whose clocks backups are taken and rotated: the provider's. */
  readonly backupTimezone: string;
  readonly shelves: readonly Shelf[];
  readonly seen: Pick<Seen, "intervalsOf" | "tlsOf">;
  readonly claims: Claims;
  /** In an order that does not depend on which ledger was asked first; of tickets nothing yet. */
  readonly evidence: MonthEvidence;
  /** The same of one instance's span: its days are not everybody's. */
  readonly evidenceOf: (span: Span) => MonthEvidence;
  /** When it was opened. */
  readonly nowMs: number;
}

export interface SoldInstance {
  readonly instance: Instance;
  readonly plan: Plan;
  /** By whose clocks its month is one. IANA name. */
  readonly timezone: string;
  /** The month, or what of it is asked about. */
  readonly asked: Span;
  /** What of that it was there. */
  readonly span: Span;
  /** The end of the whole month, in ms: claims count from it. */
  readonly endMs: number;
}

/**
 * Whose month has not begun is not in it. Rejects if a shelf does not answer, with `EvidenceChanged` if what was sealed is not what lies
 * there.
 */
export async function openMonth(
  wish: ReportWish,
  fleet: MonthFleet,
  shelves: readonly Shelf[],
): Promise<OpenMonth> {
  const { month, now } = wish;
  const everySeconds = new Map(
    wish.instances.map((each) => [each.id, planOf(each, fleet).watch.everySeconds]),
  );
  const book = new SeenBook(shelves, { everySeconds, now });
  await book.readZones(zoneDays(month));
  const all = monthsOf(wish, fleet, book);
  const isLate = ({ endMs }: AskedMonth) =>
    wish.through !== undefined && dayOf(endMs - 1) > wish.through;
  const waitsFor = all
    .filter(isLate)
    .map(({ endMs }) => dayOf(endMs - 1))
    .toSorted()
    .at(-1);
  const left = await leftNotes(shelves);
  const asked = all.filter((each) => !isLate(each));
  const instances = asked.flatMap((each): readonly SoldInstance[] => {
    const { instance, timezone } = each;
    const span = serviceSpan(each.asked, instance, timezone, left.atMs.get(instance.id));
    return span ? [{ ...each, plan: planOf(instance, fleet), span }] : [];
  });
  const isNone = asked.length === 0;
  const span = isNone
    ? monthSpan(month, fleet.provider.timezone)
    : hullOf(asked.map((each) => each.asked));
  const days = isNone ? [] : daysOf(span);
  await book.read(days);
  const claims = await readClaims(
    shelves,
    instances.map(({ instance }) => instance),
  );
  const torn = [...left.unreadable, ...claims.unreadable];
  const { evidence, ...seen } = book.seen(days);
  const [only = fleet.provider.timezone, ...others] = new Set(asked.map((each) => each.timezone));
  return {
    ...{ month, timezone: others.length === 0 ? only : fleet.provider.timezone },
    ...{ span, instances, shelves, seen, claims, backupTimezone: fleet.provider.timezone },
    ...(waitsFor !== undefined && { waitsFor }),
    evidence: withUnreadable(evidence, torn),
    evidenceOf: remembered((own) => withUnreadable(book.seen(own).evidence, torn)),
    nowMs: now(),
  };
}

/** Most instances share their days. */
function remembered(evidenceOf: (days: readonly string[]) => MonthEvidence) {
  const known = new Map<string, MonthEvidence>();
  return (span: Span): MonthEvidence => {
    const days = daysOf(span);
    const name = `${days[0]} ${days.at(-1)}`;
    const found = known.get(name) ?? evidenceOf(days);
    known.set(name, found);
    return found;
  };
}

type AskedMonth = Omit<SoldInstance, "plan" | "span">;

function monthsOf(
  { month, instances, part = {}, now }: ReportWish,
  fleet: MonthFleet,
  book: SeenBook,
): readonly AskedMonth[] {
  const nowMs = now();
  return instances.flatMap((instance) => {
    const zoned = zonedMonth(month, instance, fleet, (day, id) => book.zoneOn(day, id));
    const { timezone, span } = zoned;
    const asked = within(span, part.beganMs, part.endedMs);
    return asked && span.fromMs <= nowMs ? [{ instance, timezone, asked, endMs: span.toMs }] : [];
  });
}

/** Of further records which nobody can read. */
export const withUnreadable = (evidence: MonthEvidence, keys: readonly string[]): MonthEvidence =>
  keys.length === 0
    ? evidence
    : { ...evidence, unreadable: [...evidence.unreadable, ...keys].toSorted() };

export function planOf({ id, plan }: Instance, { plans }: Pick<Fleet, "plans">): Plan {
  const found = plans[plan];
  if (!found) throw new Error(`${id} is sold ${plan}, which a checked fleet has`);
  return found;
}
