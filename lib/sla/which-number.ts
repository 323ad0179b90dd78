import type { Plan, Recovery } from "./plan.ts";
import type { Where } from "./promise-line.ts";

/** The number of fleet.yaml to change, and how. */
export interface Change {
  readonly where: Where;
  readonly advice: string;
}

export interface Shortfall {
  readonly plan: Plan;
  readonly ttlSeconds: number;
  readonly promised: Recovery;
  /** Seconds that must go. */
  readonly excessSeconds: number;
}

/** Below this, resolvers on the internet no longer do as they are told. */
const LEAST_TTL_SECONDS = 30;

/** Seconds under which the plan's DNS records may not go. */
export const leastTtlSeconds = (plan: Plan | undefined): number =>
  plan?.leastTtlSeconds ?? LEAST_TTL_SECONDS;

/** A TTL that nobody regrets: what Route 53 recommends for failover records. */
const USUAL_TTL_SECONDS = 60;

/** New values for the two numbers that shorten the RTO. */
interface Setting {
  readonly ttl: number;
  readonly everySeconds: number;
}

/**
 * The numbers to change so that the excess vanishes: one alone if that suffices, the one that is worth
 * more first, else both. Where no cadence and TTL do, the promise itself is the number.
 */
export function changeFor(shortfall: Shortfall): Change {
  const { plan, ttlSeconds, promised, excessSeconds } = shortfall;
  const least = promised.includesDns ? Math.min(ttlSeconds, leastTtlSeconds(plan)) : ttlSeconds;
  const usual = Math.max(least, Math.min(ttlSeconds, USUAL_TTL_SECONDS));
  const ttlOnly = { ttl: ttlSeconds - excessSeconds, everySeconds: plan.watch.everySeconds };
  const cadenceOnly = withTtl(shortfall, ttlSeconds);
  const alone = ttlSeconds > usual ? [ttlOnly, cadenceOnly] : [cadenceOnly, ttlOnly];
  const settings = [...alone, withTtl(shortfall, usual), withTtl(shortfall, least)];
  const possible = settings.find(({ ttl, everySeconds }) => ttl >= least && everySeconds >= 1);
  if (possible) return lowered(shortfall, possible);
  const most = ttlSeconds - least + (plan.watch.everySeconds - 1) * plan.watch.badRounds;
  return raised(promised, excessSeconds - most);
}

/** With this TTL, the slowest cadence that is quick enough; below 1 if none is. */
function withTtl({ plan, ttlSeconds, excessSeconds }: Shortfall, ttl: number): Setting {
  const { everySeconds, badRounds } = plan.watch;
  const rest = Math.max(0, excessSeconds - (ttlSeconds - ttl));
  return { ttl, everySeconds: cadenceUpTo(everySeconds - Math.ceil(rest / badRounds)) };
}

/** The longest cadence up to so many seconds that divides a minute or is a multiple of one. */
export function cadenceUpTo(seconds: number): number {
  if (seconds >= 60) return seconds - (seconds % 60);
  return [30, 20, 15, 12, 10, 6, 5, 4, 3, 2, 1].find((cadence) => cadence <= seconds) ?? 0;
}

function lowered({ plan, ttlSeconds }: Shortfall, { ttl, everySeconds }: Setting): Change {
  const changes = [
    {
      of: "plan",
      path: ["watch", "everySeconds"],
      from: plan.watch.everySeconds,
      to: everySeconds,
    },
    { of: "instance", path: ["dns", "ttl"], from: ttlSeconds, to: ttl },
  ] as const;
  const needed = changes.filter(({ from, to }) => to < from);
  const [{ of, path } = changes[0]] = needed;
  const advice = needed.map(
    (change) => `lower ${change.path.join(".")} from ${change.from} to at most ${change.to}`,
  );
  return { where: { of, path }, advice: advice.join(" and ") };
}

function raised({ rtoSeconds }: Recovery, missingSeconds: number): Change {
  const least = rtoSeconds + Math.ceil(missingSeconds);
  return {
    where: { of: "plan", path: [] },
    advice: `raise rtoSeconds from ${rtoSeconds} to at least ${least}: no cadence or TTL makes up for it`,
  };
}
