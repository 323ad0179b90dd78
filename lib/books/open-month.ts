import type { Shelf } from "../../functions/report/answering.ts";
import type { Span } from "../sla/books/month.ts";
import { serviceSpan } from "../sla/books/service-span.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import { leftNotes } from "./left-notes.ts";
import { type Claims, readClaims } from "./month-claims.ts";
import { type MonthEvidence, type Seen, seenMinutes } from "./seen-minutes.ts";

/** What of which month, and of whom. */
export interface ReportWish {
  readonly month: string;
  /** IANA name. */
  readonly timezone: string;
  /** The calendar month, or what of it the service was there. */
  readonly span: Span;
  /** The end of the whole month, in ms: claims count from it. */
  readonly endMs: number;
  readonly instances: readonly Instance[];
  /** In ms. */
  readonly now: () => number;
}

/**
 * A month of which has been read what many instances share: what was seen of it and what is claimed. Of each instance that is a
 * few kilobytes; the rest is read when its turn comes.
 */
export interface OpenMonth extends Pick<ReportWish, "month" | "timezone" | "span" | "endMs"> {
  /** Those that were there. */
  readonly instances: readonly SoldInstance[];
  readonly shelves: readonly Shelf[];
  readonly seen: Pick<Seen, "intervalsOf" | "tlsOf">;
  readonly claims: Claims;
  /** In an order that does not depend on which ledger was asked first; of tickets nothing yet. */
  readonly evidence: MonthEvidence;
  /** When it was opened. */
  readonly nowMs: number;
}

export interface SoldInstance {
  readonly instance: Instance;
  readonly plan: Plan;
  /** What of the month it was there. */
  readonly span: Span;
}

/** Rejects if a shelf does not answer, with `EvidenceChanged` if what was sealed is not what lies there. */
export async function openMonth(
  wish: ReportWish,
  fleet: Pick<Fleet, "plans">,
  shelves: readonly Shelf[],
): Promise<OpenMonth> {
  const { month, timezone, span, endMs, now } = wish;
  const left = await leftNotes(shelves);
  const instances = wish.instances.flatMap((instance): readonly SoldInstance[] => {
    const own = serviceSpan(span, instance, timezone, left.atMs.get(instance.id));
    return own ? [{ instance, plan: planOf(instance, fleet), span: own }] : [];
  });
  const everySeconds = new Map(
    instances.map(({ instance: { id }, plan }) => [id, plan.watch.everySeconds]),
  );
  const { evidence, ...seen } = await seenMinutes(shelves, { span, everySeconds, now });
  const claims = await readClaims(
    shelves,
    instances.map(({ instance }) => instance),
  );
  return {
    ...{ month, timezone, span, endMs, instances, shelves, seen, claims },
    evidence: withUnreadable(evidence, [...left.unreadable, ...claims.unreadable]),
    nowMs: now(),
  };
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
