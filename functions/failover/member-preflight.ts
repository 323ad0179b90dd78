import type { Instance } from "../../lib/sla/fleet.ts";
import { haltIfBusyForLong, waitedSeconds } from "./busy-standby.ts";
import type { Examined, Fit } from "./case.ts";
import { halt } from "./errors.ts";
import { refuseLiveHeart, silentHeart } from "./heartbeat.ts";
import { atMember, successorIn, writerOf } from "./members.ts";
import { isPlanned } from "./planned.ts";
import { awaited, type Sight } from "./poll.ts";
import type { DatabaseState, Member } from "./ports.ts";
import { wasAsked } from "./promote-intent.ts";
import type { Taken } from "./step.ts";
import { ask } from "./targets.ts";
import type { AssessWorld } from "./world.ts";

/** Plan seconds: members restart when their writer does, and serve again soon. */
const ALONE_SECONDS = 120;

/**
 * As preflight, of a cluster of one region: RDS is not at it by itself, another member can take over, and who writes is dead, or, in a
 * plan, serves. What is lost is not asked: whoever takes over has what was acknowledged.
 */
export async function fitMembers(
  world: AssessWorld,
  examined: Examined,
  instance: Instance,
): Promise<Taken<Fit>> {
  // Halfway through, who answers may be the new writer.
  if (await wasAsked(world, examined)) {
    return { next: { ...examined, backupRetentionDays: 0 }, detail: "fit: RDS was asked before" };
  }
  const { database } = examined.before.primary;
  const state = await awaited(world.clock, () => atRest(world, examined));
  const { member, words } = await awaited(world.clock, () =>
    successor(world, examined, instance, state),
  );
  const { beat, heart } = isPlanned(examined.request)
    ? await serving(world, examined, instance)
    : await dead(world, examined, instance, atMember(state, member));
  return {
    next: {
      ...{ ...examined, backupRetentionDays: state.backupRetentionDays, writer: writerOf(state) },
      ...(beat !== undefined && { standbyBeat: beat }),
    },
    detail: `fit: ${database} is ${state.status}, ${heart}; ${words} could take over from ${writerOf(state)}`,
  };
}

/** Who is moving the writer already is not disturbed. */
async function atRest(world: AssessWorld, examined: Examined): Promise<Sight<DatabaseState>> {
  const { primary } = examined.before;
  const state = await world.registry.describe(primary);
  if (!state) return halt("HaltNoMember", `${primary.region} has no cluster ${primary.database}`);
  if (state.status === "available") return { seen: state };
  haltIfBusyForLong(world.clock, examined, primary, state.status);
  return { missing: `${primary.database} is ${state.status}` };
}

async function successor(
  world: AssessWorld,
  examined: Examined,
  instance: Instance,
  state: DatabaseState,
): Promise<Sight<{ readonly member: Member; readonly words: string }>> {
  const { primary } = examined.before;
  const choice = await successorIn(world, instance, primary, state);
  if (choice.kind === "found") return { seen: choice };
  const missing = `nobody can take over in ${primary.database}: ${choice.because}`;
  return waitedSeconds(world.clock, examined) >= ALONE_SECONDS
    ? halt("HaltNoMember", missing)
    : { missing };
}

/** Of a plan. */
async function serving(world: AssessWorld, { before }: Examined, instance: Instance) {
  const said = await ask(world, instance, before.primary);
  if (!said.answered) {
    return halt("HaltDown", `${before.primary.database} does not answer: ${said.message}`);
  }
  if (said.reading.inRecovery) halt("HaltDown", `${before.primary.database} takes no writes`);
  return { beat: said.reading.beat?.at, heart: "its writer answers" };
}

async function dead(
  world: AssessWorld,
  examined: Examined,
  instance: Instance,
  member: DatabaseState,
) {
  const { beat, remark } = await silentHeart(world, instance, examined, member);
  // RDS may have moved the writer since the evidence was taken.
  const primary = await ask(world, instance, examined.before.primary);
  const now = { ...examined, evidence: { ...examined.evidence, primary } };
  const alive = await refuseLiveHeart(world, instance, now);
  return { beat, heart: `heartbeat silent since ${beat ?? "ever"}${remark}${alive}` };
}
