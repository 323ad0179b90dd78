import { hasOnly } from "../../../functions/failover/fence-groups.ts";
import { releaseLock, takeLock } from "../../../functions/failover/lock.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import { UserError } from "../../cli/user-error.ts";
import { rolesOf } from "../roles-of.ts";
import type { GameDayBegun } from "./record.ts";
import type { GameDayWorld } from "./world.ts";

type World = Pick<GameDayWorld, "access" | "fence">;

/** Plan seconds between two tries, and how many: RDS refuses changes while it is at one. */
const AGAIN_SECONDS = 3;
const AGAIN_FLOOR_MS = 200;
const TRIES = 100;

interface Cutting {
  readonly tell: (line: string) => void;
  /** Nothing more is begun once it is aborted. */
  readonly signal: AbortSignal;
}

/**
 * Nobody reaches the primary any more, as if its network were gone: new connections by its group, those that were open by a
 * reboot. Throws UserError if RDS goes on refusing, or it is aborted; the group may be changed by then.
 */
export async function cutOff(
  { access, fence }: World,
  { seat, group }: GameDayBegun,
  { tell, signal }: Cutting,
): Promise<void> {
  const { clock, registry } = access;
  const waiting = { clock, signal };
  await taken(waiting, seat.database, () => fence.admitOnly(seat, [group]));
  tell(`${seat.database}: its group is ${group}`);
  await until(waiting, `${group} in force`, async () => {
    const state = await registry.describe(seat);
    return state !== undefined && hasOnly(state, [group]);
  });
  await taken(waiting, seat.database, () => fence.reboot(seat));
  tell(`${seat.database}: rebooting, its sessions end`);
}

/**
 * `given-back`: its groups of before were asked for. `fenced`: somebody else's groups are on it, which are not ours to
 * take off. `promoted`: another server is the primary. `busy`: RDS refuses for now.
 */
export type GivenBack = "given-back" | "as-before" | "fenced" | "promoted" | "gone" | "busy";

const ANSWERS = { accepted: "given-back", "wrong-state": "busy", gone: "gone" } as const;

/** A look and a change: who is broken off meanwhile must not keep failovers waiting. */
const LEASE_SECONDS = 60;

/**
 * Puts the groups of before back, unless somebody was promoted. May be repeated. Under the lock of failovers: one that
 * began between the look and the change would have its fence taken off. Rejects if a region does not answer, or a failover has it.
 */
export async function giveBack(world: World, begun: GameDayBegun): Promise<GivenBack> {
  const found = await stateOf(world, begun);
  if (found !== "cut") return found;
  const { clock, ledgers, executions, fleet } = world.access;
  const { owner, instance, id } = begun;
  const ledger = ledgers(owner);
  // Named like an execution: whoever finds the lock held asks whether it still runs, and hears that it does not.
  const by = `arn:aws:states:${owner}:${fleet.provider.account}:execution:sla-game-day:${id}`;
  await takeLock({ ledger, clock, executions }, instance, by, undefined, LEASE_SECONDS);
  try {
    const now = await stateOf(world, begun);
    if (now !== "cut") return now;
    const answer = await world.fence.admitOnly(begun.seat, begun.groups);
    return ANSWERS[answer];
  } finally {
    await releaseLock(ledger, instance, by, clock.now());
  }
}

async function stateOf(
  { access }: World,
  { seat, groups, group, instance, epoch }: GameDayBegun,
): Promise<"cut" | "as-before" | "fenced" | "promoted" | "gone"> {
  if ((await rolesOf(access, instance)).epoch !== epoch) return "promoted";
  const state = await access.registry.describe(seat);
  if (!state) return "gone";
  if (hasOnly(state, groups)) return "as-before";
  const known = new Set([...groups, group]);
  return state.groups.every(({ id }) => known.has(id)) ? "cut" : "fenced";
}

interface Waiting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

async function taken(
  waiting: Waiting,
  database: string,
  ask: () => Promise<"accepted" | "wrong-state" | "gone">,
): Promise<void> {
  await until(waiting, `RDS to change ${database}`, async () => {
    const answer = await ask();
    if (answer === "gone") throw new UserError(`${database}: RDS has none of that name`, 1);
    return answer === "accepted";
  });
}

async function until(
  { clock, signal }: Waiting,
  what: string,
  look: () => Promise<boolean>,
): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (signal.aborted) throw new UserError("a person called it off", 1);
    if (await look()) return;
    await clock.wait(AGAIN_SECONDS, AGAIN_FLOOR_MS);
  }
  throw new UserError(`waited in vain for ${what}; look at aws rds describe-events`, 1);
}
