import type { Fleet } from "../../lib/sla/fleet.ts";
import { instancesOf } from "../../lib/sla/shards.ts";
import type { Clock } from "../kernel/clock.ts";
import type { NewestRoles } from "../ledger/fleet.ts";
import type { TickEvent } from "./contract.ts";
import type { Endpoint, Inventory, Pulse } from "./ports.ts";
import { cadenceOf, type Subject, sqlTarget, subjectsOf } from "./subject.ts";
import { type TimedSlot, timedSlots } from "./tick.ts";

/** Where everything is slow, more heartbeats would only make it slower. */
const ROUNDS_AT_ONCE = 2;

export interface Heart {
  readonly region: string;
  readonly clock: Clock;
  readonly roles: NewestRoles;
  readonly inventory: Inventory;
  readonly pulse: Pulse;
}

export interface BeatReport {
  readonly beats: number;
  /** By instance, the last reason; a missing beat is seen by the watch, not here. */
  readonly failures: Readonly<Record<string, string>>;
}

/**
 * One invocation: heartbeats of all primaries that are in this region now, as often as their plans look.
 * Never rejects for a database or a region: the report says what did not work.
 */
export async function beat(event: TickEvent, fleet: Fleet, heart: Heart): Promise<BeatReport> {
  const cadences = instancesOf(fleet, event.shard).flatMap(
    ({ plan }) => fleet.plans[plan]?.watch.everySeconds ?? [],
  );
  const failures: Record<string, string> = {};
  const addresses = new Map<string, Endpoint>();
  const rounds: Promise<number>[] = [];
  const hearing = heart.roles.hear(Object.keys(fleet.sites));
  let underWay = 0;
  for (const slot of timedSlots(event, cadences, heart.clock)) {
    await heart.clock.until(new Date(slot.at));
    if (underWay >= ROUNDS_AT_ONCE) continue;
    underWay += 1;
    const round = beatRound(slot, { event, fleet, heart, addresses, failures });
    rounds.push(
      round
        .catch((cause: Error) => {
          failures[event.shard] = `${cause.name}: ${cause.message}`;
          return 0;
        })
        .finally(() => {
          underWay -= 1;
        }),
    );
  }
  const written = await Promise.all(rounds);
  await hearing;
  return { beats: written.reduce((sum, beats) => sum + beats, 0), failures };
}

interface Round {
  readonly event: TickEvent;
  readonly fleet: Fleet;
  readonly heart: Heart;
  readonly addresses: Map<string, Endpoint>;
  readonly failures: Record<string, string>;
}

async function beatRound({ cadences }: TimedSlot, round: Round): Promise<number> {
  const { fleet, event, heart, failures } = round;
  const subjects = subjectsOf(fleet, event.shard, await heart.roles.all()).filter(
    (subject) => cadences.has(cadenceOf(subject)) && subject.roles.primary.region === heart.region,
  );
  const targets = await targetsOf(subjects, round);
  if (targets.length === 0) return 0;
  const results = await heart.pulse.beat(heart.region, targets);
  for (const result of results) {
    if (!result.ok) failures[result.instance] = `${result.failure.kind}: ${result.failure.message}`;
  }
  return results.filter(({ ok }) => ok).length;
}

/** Endpoints are described once an invocation, and again when a primary is not among them. */
async function targetsOf(subjects: readonly Subject[], { heart, addresses, failures }: Round) {
  if (!subjects.every(({ roles }) => addresses.has(roles.primary.database))) {
    const described = await heart.inventory.describe(heart.region);
    for (const [database, endpoint] of described) addresses.set(database, endpoint);
  }
  return subjects.flatMap((subject) => {
    const { instance, primary } = subject.roles;
    const endpoint = addresses.get(primary.database);
    if (endpoint) return [sqlTarget(subject, endpoint)];
    failures[instance] = `${primary.database} is not in ${primary.region}`;
    return [];
  });
}
