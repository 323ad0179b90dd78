import { setTimeout as pause } from "node:timers/promises";
import { prefixes } from "../../functions/ledger/contract.ts";
import type { Absence } from "./absences.ts";
import { sitesInReach } from "./reach.ts";
import type { TimelineEntry } from "./result.ts";
import type { Stage } from "./stage.ts";
import { station } from "./timeline.ts";
import { ledgerOf } from "./witness.ts";

/** How long what was owed may take once everything answers again: rounds of debts, retries of mails, in plan seconds. */
const OWED_SECONDS = 600;
const OWED_FLOOR_MS = 30_000;
const LOOK_MS = 250;

/** Everything answers again; returns when nothing is owed any more, or when it has been for too long. */
export async function makeGood(
  stage: Stage,
  absences: readonly Absence[],
  tell: (entry: TimelineEntry) => void,
): Promise<void> {
  const { cloud } = stage;
  for (const absence of absences) {
    if (absence.ends === undefined) continue;
    absence.end(cloud);
    tell(station(Date.now(), "cloud", absence.ends));
  }
  if (absences.every(({ ends }) => ends === undefined)) return;
  const end = Date.now() + Math.max(cloud.ground.pace.ms(OWED_SECONDS), OWED_FLOOR_MS);
  while (Date.now() < end && (await owedNow(stage)) > 0) await pause(LOOK_MS);
}

/** What nothing is owed to answers again as well: the way home is a plan of people, who do not begin it in the dark. */
export function answersAgain(
  { cloud }: Pick<Stage, "cloud">,
  absences: readonly Absence[],
  tell: (entry: TimelineEntry) => void,
): void {
  for (const absence of absences.filter(({ ends }) => ends === undefined)) {
    absence.end(cloud);
    tell(station(Date.now(), "cloud", `${absence.name} answers, before anybody goes back`));
  }
}

const owedNow = async (stage: Stage): Promise<number> =>
  (await owedDebts(stage)).length + (await heldBackMails(stage)).length;

/** Keys of debts that some site's ledger knows to be owed; of one instance if wanted. */
export const owedDebts = (stage: Stage, instance = ""): Promise<readonly string[]> =>
  inLedgers<{ readonly state: string }>(
    stage,
    `${prefixes.debts}${instance && `${instance}/`}`,
    ({ state }) => state === "owed",
  );

/** Keys of mails that some site began to send and that have not left. */
export const heldBackMails = (stage: Stage): Promise<readonly string[]> =>
  inLedgers<{ readonly state: string }>(stage, "mails/", ({ state }) => state !== "sent");

async function inLedgers<T>(stage: Stage, prefix: string, isMeant: (value: T) => boolean) {
  const found = await Promise.all(
    sitesInReach(stage).map(async (region) => {
      const ledger = ledgerOf(stage, region);
      const keys = await ledger.keys(prefix);
      const values = await Promise.all(keys.map((key) => ledger.read<T>(key)));
      return keys.filter((_, index) => {
        const value = values[index];
        return value !== undefined && isMeant(value);
      });
    }),
  );
  return [...new Set(found.flat())];
}
