import type { Instance } from "../../lib/sla/fleet.ts";
import { isSameSeat, type Seat } from "../../lib/sla/roles.ts";
import type { Clock } from "../kernel/clock.ts";
import type { RolesWithStandby, Said } from "./case.ts";
import { isSilence } from "./errors.ts";
import type { DatabaseState, Registry, Sql } from "./ports.ts";
import { type Candidate, type Choice, successorAmong } from "./successor.ts";
import { askDescribed } from "./targets.ts";

/** Plan seconds behind the newest: what a healthy follower lags at most. */
const LAGGING_SECONDS = 30;

/** Whether the seat stays the primary's: another member of its cluster takes over. */
export const staysIn = ({ primary, standby }: Pick<RolesWithStandby, "primary" | "standby">) =>
  isSameSeat(primary, standby);

/** Who writes, by the word of RDS, which may be nobody for a while. */
export const writerOf = ({ members = [] }: Pick<DatabaseState, "members">): string =>
  members.find(({ isWriter }) => isWriter)?.id ?? "nobody";

interface Senses {
  readonly registry: Registry;
  readonly sql: Sql;
  readonly clock: Clock;
}

export async function successorIn(
  world: Senses,
  instance: Instance,
  seat: Seat,
  state: DatabaseState,
): Promise<Choice> {
  const candidates = await candidatesIn(world, instance, seat, state);
  return successorAmong(candidates, world.clock.paced(LAGGING_SECONDS));
}

/** What whoever would take over says; where nobody would, what the first that was asked does. Never rejects for silence. */
export async function askAnyMember(world: Senses, instance: Instance, seat: Seat): Promise<Said> {
  const silent = (kind: "region" | "gone" | "unreachable", message: string): Said => ({
    ...{ answered: false, kind, message },
  });
  try {
    const state = await world.registry.describe(seat);
    if (!state) return silent("gone", `${seat.database} does not exist`);
    const candidates = await candidatesIn(world, instance, seat, state);
    const choice = successorAmong(candidates, world.clock.paced(LAGGING_SECONDS));
    const chosen = choice.kind === "found" ? choice.member.id : candidates[0]?.member.id;
    const found = candidates.find(({ member }) => member.id === chosen);
    return found?.said ?? silent("unreachable", "it has no member but the one that writes");
  } catch (cause) {
    if (!isSilence(cause)) throw cause;
    return silent("region", (cause as Error).message);
  }
}

const candidatesIn = (
  { sql }: Senses,
  instance: Instance,
  seat: Seat,
  state: DatabaseState,
): Promise<Candidate[]> =>
  Promise.all(
    (state.members ?? [])
      .filter(({ isWriter }) => !isWriter)
      .map(async (member) => ({
        member,
        said: await askDescribed(
          sql,
          instance,
          { ...seat, database: member.id },
          atMember(state, member),
        ),
      })),
  );

/** The cluster as this member shows it: asked at its own endpoint. */
export function atMember(
  { endpoint: _, ...state }: DatabaseState,
  { endpoint }: Candidate["member"],
): DatabaseState {
  return { ...state, ...(endpoint && { endpoint }) };
}
