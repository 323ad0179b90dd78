import { personParts } from "./approval.ts";
import { floorDivide, parsePercent } from "./books/percent.ts";
import { partsOf, wayOf } from "./budget-parts.ts";
import type { Finding, Sold } from "./check.ts";
import { formatDuration } from "./duration.ts";
import type { Plan } from "./plan.ts";
import type { Where } from "./promise-line.ts";
import type { Availability } from "./service-terms.ts";

/** Of February: the month that allows least. */
const LEAST_MINUTES = 28 * 1440;

/**
 * Whether a month of the objective can be seen at all, and whether what this configuration does about a lost server fits into it. All is
 * said of the shortest month.
 */
export function availabilityPromises(sold: Sold): readonly Finding[] {
  const { availability } = sold.plan;
  if (!availability) return [];
  const allowed = allowedMinutes(availability);
  const line = {
    promise: "availability",
    promised: `${availability.objectivePercent} % a month`,
    covers: "application",
  } as const;
  const achievable = `${measuredWords(sold)}: ${minutes(allowed)} may be down in 28 days`;
  const doubt = tooCoarse(sold.plan, allowed) ?? tooGenerous(availability, allowed);
  if (doubt) return [{ ...line, ...doubt, achievable }];
  return [{ ...line, achievable, ...roomFor(sold, allowed) }];
}

/** Whole minutes of February that may be down: one more and the objective is missed. */
export function allowedMinutes({ objectivePercent }: Availability): number {
  const { parts, whole } = parsePercent(objectivePercent);
  return Number(floorDivide((whole - parts) * BigInt(LEAST_MINUTES), whole));
}

function measuredWords({ fleet: { vantages, provider }, instance, plan }: Sold): string {
  const many = vantages?.length;
  const quorum = many === undefined ? "a majority of vantages" : `${majority(many)} of ${many}`;
  const zone = instance.timezone ?? plan.timezone ?? provider?.timezone ?? "UTC";
  return `a look every ${formatDuration(plan.watch.everySeconds)} by ${quorum}, months of ${zone}`;
}

const majority = (vantages: number) => Math.floor(vantages / 2) + 1;

type Doubt = Pick<Finding, "status" | "change" | "where" | "restsOn">;

const inPlan = (...path: readonly string[]): Where => ({ of: "plan", path });

/** A look speaks for all minutes until the next one: a single bad one must not take more than is allowed. */
function tooCoarse({ watch: { everySeconds } }: Plan, allowed: number): Doubt | undefined {
  const perLook = Math.max(1, Math.ceil(everySeconds / 60));
  if (perLook <= allowed) return undefined;
  if (perLook === 1) {
    return {
      status: "conditional",
      restsOn: "if not a single look is bad: one makes a minute down, and none may be",
    };
  }
  const most = Math.max(1, allowed) * 60;
  const change = `lower watch.everySeconds from ${everySeconds} to at most ${most}: one bad look speaks for ${minutes(perLook)}`;
  return { status: "broken", change, where: inPlan("watch", "everySeconds") };
}

/** Minutes that nobody saw could hide what misses the objective, and the month would be called proven all the same. */
function tooGenerous(
  { mostUnobservedMinutes: most }: Availability,
  allowed: number,
): Doubt | undefined {
  if (most === undefined || most <= allowed) return undefined;
  return {
    status: "conditional",
    restsOn: `if no more than ${minutes(allowed)} are unobserved: ${minutes(most)} are called proven, and could have been down`,
    change: `lower availability.mostUnobservedMinutes from ${most} to at most ${allowed}, or leave it out`,
    where: inPlan("availability", "mostUnobservedMinutes"),
  };
}

/** One server lost, at its worst. */
function roomFor({ instance, plan }: Sold, allowed: number): Doubt {
  const way = wayOf(instance);
  const ttlSeconds = instance.dns.ttl;
  const person = personParts(plan, ttlSeconds, instance.failover);
  const parts = partsOf({ plan, ttlSeconds, way, person });
  const worst = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  const fits = Math.floor((allowed * 60) / worst);
  const takes = `one ${way} takes up to ${formatDuration(worst)}`;
  if (fits > 0) return { status: "kept", restsOn: `${takes}: room for ${fits} a month` };
  const restsOn = `if no ${way} is needed in the month: ${takes}`;
  if (way !== "restore") return { status: "conditional", restsOn };
  const change = "add a standby: it is promoted sooner than a backup is restored";
  return { status: "conditional", restsOn, change, where: { of: "instance", path: [] } };
}

const minutes = (count: number) => (count === 1 ? "1 minute" : `${count} minutes`);
