import { traitsOf } from "../../lib/sla/engine.ts";
import type { Clock } from "../kernel/clock.ts";
import { haltIfAborted, haltIfOvertaken } from "./abort.ts";
import { haltIfBusyForLong } from "./busy-standby.ts";
import type { Fenced, Moving } from "./case.ts";
import { halt, notYet } from "./errors.ts";
import { successorIn, writerOf } from "./members.ts";
import { awaited, type Sight } from "./poll.ts";
import type { DatabaseState } from "./ports.ts";
import { intentOf, note, type PromoteIntent } from "./promote-intent.ts";
import type { Taken } from "./step.ts";
import { instanceOf, type PromoteWorld } from "./world.ts";

/** Plan seconds in which what was asked without a name is not asked again. */
const ASKED_SECONDS = 60;

/**
 * As promote, of a cluster of one region: asks RDS for another writer. One that RDS has moved by itself meanwhile counts as done. By
 * name, so that asking again moves it no further; where members have storages of their own, RDS alone knows who has all that was
 * acknowledged, and chooses.
 */
export async function moveWriter(world: PromoteWorld, fenced: Fenced): Promise<Taken<Moving>> {
  const { database } = fenced.before.primary;
  await haltIfOvertaken(world, fenced);
  const asked = await intentOf(world, fenced);
  const isAsked = asked?.state === "asked";
  const state = await awaited(world.clock, () => atRest(world, fenced, asked));
  const now = writerOf(state);
  const from = (isAsked ? asked.writer : fenced.writer) ?? now;
  const next = { ...fenced, moved: { from } };
  if (now !== from) {
    // By RDS perhaps: from here on it is ours, and whoever goes on with this has to know.
    await note(world, fenced, { state: "asked", writer: from });
    return { next, detail: `${now} writes already in place of ${from}` };
  }
  if (!isAsked) await haltIfAborted(world, fenced);
  const who = (isAsked && namedBefore(world, asked)) || (await namedIn(world, fenced, state));
  const named = who.member === undefined ? {} : { member: who.member };
  await note(world, fenced, { state: "asked", writer: from, ...named });
  const answer = await world.standby.promote(fenced.before.primary, {
    backupRetentionDays: fenced.backupRetentionDays,
    ...named,
  });
  if (answer === "accepted") return { next, detail: `writer asked: ${who.words}, for ${from}` };
  // A request whose answer was lost may be why it is refused now: then nobody may say it was refused.
  if (!isAsked) await note(world, fenced, { state: "refused" });
  if (answer === "gone") halt("HaltPromoteRefused", `${database} does not exist any more`);
  return notYet(`${database} takes no other writer in its status`);
}

interface Who {
  readonly member?: string;
  readonly words: string;
}

/** A member that is being made the writer restarts, and answers nobody: asking for another one meanwhile would move the writer twice. */
function namedBefore({ clock }: PromoteWorld, asked: PromoteIntent): Who | undefined {
  const { member } = asked;
  if (member === undefined || !isYoung(clock, asked)) return undefined;
  return { member, words: `${member}, as before` };
}

/** Whom to ask for, if not whom RDS chooses. */
async function namedIn(world: PromoteWorld, fenced: Fenced, state: DatabaseState): Promise<Who> {
  const instance = instanceOf(world, fenced.request.instance);
  const { member, words } = await awaited(world.clock, async () => {
    const choice = await successorIn(world, instance, fenced.before.primary, state);
    return choice.kind === "found"
      ? { seen: choice }
      : { missing: `nobody can take over: ${choice.because}` };
  });
  return isNamed(world, fenced) ? { member: member.id, words } : { words: "whom RDS chooses" };
}

const isNamed = (world: PromoteWorld, { request }: Fenced) =>
  traitsOf(instanceOf(world, request.instance).database.engine).sharesStorage;

async function atRest(
  world: PromoteWorld,
  fenced: Fenced,
  asked: PromoteIntent | undefined,
): Promise<Sight<DatabaseState>> {
  const { registry, clock } = world;
  const { database } = fenced.before.primary;
  const state = await registry.describe(fenced.before.primary);
  if (!state) return halt("HaltPromoteRefused", `${database} does not exist any more`);
  if (state.status !== "available") {
    if (asked?.state !== "asked")
      haltIfBusyForLong(clock, fenced, fenced.before.primary, state.status);
    return { missing: `${database} is ${state.status}` };
  }
  const isFresh =
    asked?.state === "asked" && asked.writer === writerOf(state) && isYoung(clock, asked);
  return isFresh && !isNamed(world, fenced)
    ? { missing: `RDS was asked for another writer of ${database} at ${asked.at}` }
    : { seen: state };
}

const isYoung = (clock: Clock, { at }: PromoteIntent) =>
  clock.now().getTime() - Date.parse(at) < clock.paced(ASKED_SECONDS);
