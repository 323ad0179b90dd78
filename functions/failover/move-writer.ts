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

/**
 * As promote, of a cluster of one region: asks RDS for another writer, by name, so that asking again moves it no further. One that RDS
 * has moved by itself meanwhile counts as done.
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

  const instance = instanceOf(world, fenced.request.instance);
  const choice = await successorIn(world, instance, fenced.before.primary, state);
  if (choice.kind === "none") return notYet(`nobody can take over: ${choice.because}`);
  await note(world, fenced, { state: "asked", writer: from });
  const answer = await world.standby.promote(fenced.before.primary, {
    backupRetentionDays: fenced.backupRetentionDays,
    member: choice.member.id,
  });
  if (answer === "accepted") return { next, detail: `writer asked: ${choice.words}, for ${from}` };
  // A request whose answer was lost may be why it is refused now: then nobody may say it was refused.
  if (!isAsked) await note(world, fenced, { state: "refused" });
  if (answer === "gone") halt("HaltPromoteRefused", `${database} does not exist any more`);
  return notYet(`${database} takes no other writer in its status`);
}

async function atRest(
  { registry, clock }: PromoteWorld,
  fenced: Fenced,
  asked: PromoteIntent | undefined,
): Promise<Sight<DatabaseState>> {
  const { primary } = fenced.before;
  const state = await registry.describe(primary);
  if (!state) return halt("HaltPromoteRefused", `${primary.database} does not exist any more`);
  if (state.status === "available") return { seen: state };
  if (asked?.state !== "asked") haltIfBusyForLong(clock, fenced, primary, state.status);
  return { missing: `${primary.database} is ${state.status}` };
}
