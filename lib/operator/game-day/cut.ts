import { hasOnly } from "../../../functions/failover/fence-groups.ts";
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
 * take off. `promoted`: another server is the primary.
 */
export type GivenBack = "given-back" | "as-before" | "fenced" | "promoted" | "gone";

/** Puts the groups of before back, unless somebody was promoted. May be repeated. Rejects if a region does not answer. */
export async function giveBack({ access, fence }: World, begun: GameDayBegun): Promise<GivenBack> {
  const { seat, groups, group, instance, epoch } = begun;
  const { clock, registry } = access;
  if ((await rolesOf(access, instance)).epoch !== epoch) return "promoted";
  const state = await registry.describe(seat);
  if (!state) return "gone";
  if (hasOnly(state, groups)) return "as-before";
  const known = new Set([...groups, group]);
  if (!state.groups.every(({ id }) => known.has(id))) return "fenced";
  await taken({ clock }, seat.database, () => fence.admitOnly(seat, groups));
  return "given-back";
}

interface Waiting {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
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
    if (signal?.aborted) throw new UserError("a person called it off", 1);
    if (await look()) return;
    await clock.wait(AGAIN_SECONDS, AGAIN_FLOOR_MS);
  }
  throw new UserError(`waited in vain for ${what}; look at aws rds describe-events`, 1);
}
