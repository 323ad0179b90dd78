import type { Seat } from "../../lib/sla/roles.ts";
import { isUnreachable } from "./errors.ts";
import { type Sight, WINDOW_SECONDS, watchFor } from "./poll.ts";
import type { DatabaseState } from "./ports.ts";
import type { FenceWorld } from "./world.ts";

/** `fence.json`: the groups of the old primary before the fence, and whether the fence is ours. */
export interface FenceIntent {
  readonly groups: readonly string[];
  /** False: it was in quarantine already, for a reason that is not this failover. */
  readonly ours: boolean;
  /** Whether it answered us then; absent in what an older version wrote. */
  readonly answered?: boolean;
}

/**
 * Sets the groups if they are not set. A status that refuses, or an API that fails, may pass: asked again
 * for a while.
 */
export async function admitsOnly(
  {
    clock,
    registry,
    fence,
  }: Pick<FenceWorld, "clock" | "registry"> & {
    readonly fence: Pick<FenceWorld["fence"], "admitOnly">;
  },
  seat: Seat,
  groups: readonly string[],
): Promise<"accepted" | "wrong-state" | "gone"> {
  const change = async (): Promise<Sight<"accepted" | "gone">> => {
    const state = await registry.describe(seat);
    if (!state) return { seen: "gone" };
    if (isSetTo(state, groups)) return { seen: "accepted" };
    const answer = await fence.admitOnly(seat, groups).catch((cause: unknown) => {
      if (!isUnreachable(cause)) throw cause;
      return "wrong-state" as const;
    });
    return answer === "wrong-state" ? { missing: answer } : { seen: answer };
  };
  const sight = await watchFor(clock, { seconds: WINDOW_SECONDS }, change);
  return "seen" in sight ? sight.seen : "wrong-state";
}

/** Nothing but these groups, all of them in force. */
export const hasOnly = (state: DatabaseState, groups: readonly string[]) =>
  isSetTo(state, groups) && state.groups.every(({ active }) => active);

/** Groups on their way out still count: they admit until they are gone. */
const isSetTo = (state: DatabaseState, groups: readonly string[]) =>
  state.groups.length === groups.length && state.groups.every(({ id }) => groups.includes(id));
