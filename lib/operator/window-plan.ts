import { businessHoursIn } from "../sla/books/business-hours.ts";
import type { Span } from "../sla/books/month.ts";
import { type Window, type WindowRecord, windowOf } from "../sla/books/window.ts";
import { type WindowCounts, windowCounts } from "../sla/books/window-counts.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";

/** What a person wants to announce. */
export interface WindowWish extends Span, Pick<WindowRecord, "kind" | "scope" | "reason"> {
  readonly instances: readonly Instance[];
  readonly holdsFailovers: boolean;
}

/** What a window means to the instances of one plan. */
export interface PlanPart {
  readonly plan: Plan;
  readonly instances: readonly Instance[];
  readonly verdict: WindowCounts;
}

/** Instances of a plan whose region is at work in a window. */
export interface Disturbed {
  readonly plan: Plan;
  readonly region: string;
  readonly hours: Span;
  readonly instances: readonly string[];
}

export interface WindowPlan {
  readonly record: WindowRecord;
  readonly parts: readonly PlanPart[];
  readonly disturbed: readonly Disturbed[];
  /** Everybody who gets a mail. */
  readonly recipients: readonly string[];
}

interface Author {
  readonly by: string;
  readonly now: Date;
  /** Some hexadecimal digits that nobody else has. */
  readonly random: string;
}

/** What would be announced now, and what that means by each plan. */
export function planWindow(fleet: Fleet, wish: WindowWish, author: Author): WindowPlan {
  const { kind, scope, reason, fromMs, toMs, instances, holdsFailovers } = wish;
  const [fromAt, toAt] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const record: WindowRecord = {
    window: `m${fromAt.slice(0, 10).replaceAll("-", "")}-${fromAt.slice(11, 16).replace(":", "")}-${author.random}`,
    ...{ kind, scope, instances: instances.map(({ id }) => id), fromAt, toAt, reason },
    ...{ by: author.by, announcedAt: author.now.toISOString() },
    ...(holdsFailovers && { holdsFailovers }),
  };
  return {
    record,
    parts: partsOf(fleet, instances, record),
    disturbed: disturbedBy(fleet, instances, wish),
    recipients: [
      ...new Set([fleet.provider.contact, ...instances.flatMap(({ contacts }) => contacts)]),
    ],
  };
}

/** By plan, in the order of the fleet. */
export function partsOf(
  fleet: Pick<Fleet, "plans">,
  instances: readonly Instance[],
  record: WindowRecord,
  window: Window | undefined = windowOf([{ record }], []),
): readonly PlanPart[] {
  return [...Map.groupBy(instances, ({ plan }) => plan)].flatMap(([name, own]) => {
    const plan = fleet.plans[name];
    return plan && window ? [{ plan, instances: own, verdict: windowCounts(window, plan) }] : [];
  });
}

function disturbedBy(
  { plans }: Pick<Fleet, "plans">,
  instances: readonly Instance[],
  span: Span,
): readonly Disturbed[] {
  const zoneOf = ({ timezone, plan }: Instance) => timezone ?? plans[plan]?.timezone;
  const groups = Map.groupBy(
    instances,
    (each) => `${each.plan} ${each.home} ${zoneOf(each) ?? ""}`,
  );
  return [...groups.values()].flatMap((own): Disturbed[] => {
    const [first] = own;
    if (!first) return [];
    const { plan: name, home } = first;
    const plan = plans[name];
    const hours = plan && businessHoursIn(span, { region: home, timezone: zoneOf(first) }, plan);
    if (!plan || !hours) return [];
    return [{ plan, region: home, hours, instances: own.map(({ id }) => id) }];
  });
}
