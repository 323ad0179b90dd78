import { haltIfAborted, haltIfOvertaken } from "./abort.ts";
import { haltIfBusyForLong } from "./busy-standby.ts";
import type { Fenced, Moving } from "./case.ts";
import { halt, notYet } from "./errors.ts";
import { staysIn } from "./members.ts";
import { moveWriter } from "./move-writer.ts";
import { isPlanned } from "./planned.ts";
import { awaited, type Sight } from "./poll.ts";
import type { DatabaseState } from "./ports.ts";
import { intentOf, note, type PromoteIntent } from "./promote-intent.ts";
import type { Taken } from "./step.ts";
import type { PromoteWorld } from "./world.ts";

/** Asks for the promotion once; a standby that already is none counts as done. */
export async function promote(world: PromoteWorld, fenced: Fenced): Promise<Taken<Moving>> {
  if (staysIn(fenced.before)) return moveWriter(world, fenced);
  const { standby } = fenced.before;
  await haltIfOvertaken(world, fenced);
  const asked = await intentOf(world, fenced);
  const state = await awaited(world.clock, () => atRest(world, fenced, asked));
  if (!state) return halt("HaltPromoteRefused", `${standby.database} does not exist any more`);
  if (isPromoted(state)) {
    // By somebody else perhaps: from here on it is ours, and whoever goes on with this has to know.
    await note(world, fenced, { state: "asked" });
    return { next: fenced, detail: "promoted already" };
  }
  // The last moment for it: once RDS has been asked there is no way back.
  if (asked?.state !== "asked") await haltIfAborted(world, fenced);

  await note(world, fenced, { state: "asked" });
  const answer = await world.standby.promote(standby, {
    backupRetentionDays: fenced.backupRetentionDays,
    ...(isPlanned(fenced.request) && { from: fenced.before.primary }),
  });
  if (answer === "accepted")
    return { next: fenced, detail: `promotion of ${standby.database} asked` };
  // A request whose answer was lost may be why it is refused now: then nobody may say it was refused.
  if (asked?.state !== "asked") await note(world, fenced, { state: "refused" });
  if (answer === "gone") halt("HaltPromoteRefused", `${standby.database} does not exist any more`);
  return notYet(`${standby.database} cannot be promoted in its status`);
}

/** The standby in a status in which RDS promotes, or no standby any more. */
async function atRest(
  { registry, clock }: PromoteWorld,
  fenced: Fenced,
  asked: PromoteIntent | undefined,
): Promise<Sight<DatabaseState | undefined>> {
  const { standby } = fenced.before;
  const state = await registry.describe(standby);
  if (!state || state.status === "available" || isPromoted(state)) return { seen: state };
  // What it does once it was asked may be the promotion itself.
  if (asked?.state !== "asked") haltIfBusyForLong(clock, fenced, standby, state.status);
  return { missing: `${standby.database} is ${state.status}` };
}

/** A replica of which only the source is missing from the answer is a replica. */
const isPromoted = ({ source, replication }: DatabaseState) =>
  source === undefined && replication.length === 0;
