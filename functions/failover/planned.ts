import type { Instance } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Reading } from "../sql/contract.ts";
import type { Examined } from "./case.ts";
import type { FailoverRequest } from "./contract.ts";
import { DRAIN } from "./drain-fully.ts";
import { halt, notYet } from "./errors.ts";
import type { SecondLook } from "./sight.ts";
import { ask } from "./targets.ts";
import type { AssessWorld } from "./world.ts";

/** Only a person plans. */
export const isPlanned = ({ trigger, planned }: FailoverRequest): boolean =>
  trigger === "person" && planned === true;

/** RDS itself moves the writer of a global database, and loses nothing: nobody has to be fenced before, or waited for. */
export const isSwitchover = ({ database }: Instance, request: FailoverRequest): boolean =>
  isPlanned(request) && database.global !== undefined;

/** Its clients will be led over, not rescued: what is down needs another kind of failover. */
export function plannedLook(instance: string, { verdict, said }: SecondLook): string {
  const seen = JSON.stringify(said);
  if (verdict === "down") return halt("HaltDown", `${instance} is down now: ${seen}`);
  if (verdict === "unknown") return notYet(`${instance}: no majority sees it up now: ${seen}`);
  return "; planned: it serves";
}

/** Both sides live now, the standby replicates: only then can the fence come off again with nothing lost. */
export async function bothAlive(
  world: AssessWorld,
  instance: Instance,
  { before: { primary, standby } }: Examined,
): Promise<{ readonly beat: string | undefined }> {
  const [here, there] = await Promise.all([
    ask(world, instance, primary),
    ask(world, instance, standby),
  ]);
  if (!there.answered) return notYet(`${standby.database} does not answer: ${there.message}`);
  // Halfway through a failover that is gone on with, it is the primary already.
  if (!there.reading.inRecovery) return { beat: there.reading.beat?.at };
  if (!here.answered) halt("HaltDown", `${primary.database} does not answer: ${here.message}`);
  else if (here.reading.inRecovery) halt("HaltDown", `${primary.database} is no primary`);
  if (!there.reading.streaming) {
    halt("HaltNotStreaming", `${standby.database} does not stream: a planned failover would lose`);
  }
  if (here.answered) keepsUp(world, instance, here.reading, there.reading, standby.database);
  return { beat: there.reading.beat?.at };
}

/**
 * Plan seconds that the standby is late, if that is more than could arrive while clients are kept out: they would be, and nothing
 * would move. Undefined: it keeps up, or nobody knows.
 */
export function tooLate(
  pacer: Pick<Clock, "paced">,
  everySeconds: number,
  beats: { readonly primary?: string; readonly standby?: string },
): number | undefined {
  const { primary, standby } = beats;
  if (primary === undefined || standby === undefined) return undefined;
  const lateMs = Date.parse(primary) - Date.parse(standby);
  if (lateMs <= pacer.paced(DRAIN.seconds + everySeconds, DRAIN.floorMs)) return undefined;
  return Math.round(lateMs / pacer.paced(1));
}

export const tooLateWords = (instance: string, standby: string, late: number): string =>
  `${instance}: ${standby} lacks the last ${late} s of its primary, more than could arrive while clients wait`;

function keepsUp(
  { clock, fleet }: AssessWorld,
  { id, plan }: Instance,
  { beat: ours }: Reading,
  { beat: its }: Reading,
  name: string,
): void {
  const late = tooLate(clock, fleet.plans[plan]?.watch.everySeconds ?? 60, {
    ...(ours && { primary: ours.at }),
    ...(its && { standby: its.at }),
  });
  if (late !== undefined) halt("HaltNotDrained", tooLateWords(id, name, late));
}
