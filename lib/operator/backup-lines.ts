import type { Action } from "../sla/backups/action.ts";
import { formatDuration } from "../sla/duration.ts";
import type { BackupRow, BackupView, ReplicatedLogs } from "./backup-view.ts";
import { deliveryLines } from "./delivery-view.ts";
import { hanging } from "./hanging.ts";
import { localTime } from "./local-time.ts";

const MARKS = { available: "yes", making: "making", failed: "FAILED", going: "going" } as const;
/** Its database could be restored; whole it is with its files. */
const NO_FILES = "no files";
const ACTIONS = {
  ...{ take: "take", copy: "copy", delete: "delete", repair: "tag again", verify: "test" },
  ...{ "ship-logs": "replicate the logs of", "stop-logs": "no longer replicate the logs of" },
} as const satisfies Record<Action["kind"], string>;

/** A table of at most 80 columns, then what is wanted and what is wrong. */
export function backupLines(view: BackupView, timezone: string): readonly string[] {
  const { instance, plan, primary, places, silent, backups, logs, wanted, troubles } = view;
  const local = localTime(timezone);
  return [
    ...hanging(
      `${instance}, plan ${plan}: `,
      `primary ${primary.database} in ${primary.region}, times of ${timezone}`,
    ),
    `  ${"data of".padEnd(17)}${cellsOf(places, places)}kept for`.slice(0, 80).trimEnd(),
    ...backups.flatMap((row) => rowOf(row, places, silent, local)),
    ...(backups.length === 0 ? ["  none yet"] : []),
    ...logs.flatMap((each) => hanging("  logs  ", logWords(each, local))),
    ...hanging("  lost  ", recoveryWords(view, local)),
    ...(view.delivery ? deliveryLines(view.delivery, local) : []),
    ...silent.map((place) => `  ${place} does not answer`),
    ...wanted.flatMap(actionLines),
    ...troubles.flatMap(({ region, detail, since }) =>
      hanging("  WRONG ", `${region}: ${detail}; since ${local(since)}`),
    ),
    ...(troubles.length > 0 ? ["  What to do: docs/runbook.md#backups-troubled"] : []),
  ];
}

export const actionLines = (action: Action): readonly string[] =>
  hanging(`  next  ${ACTIONS[action.kind]} `, words(action));

/** Reasons that do not fit behind the cells stand beneath them. */
export function rowOf(
  { takenAt, states, withoutFiles, keptBecause, isHeld, verifiedAt }: BackupRow,
  places: readonly string[],
  silent: readonly string[],
  local: (instant: string) => string,
): readonly string[] {
  const isThere = Object.values(states).includes("available");
  const cells = places.map((place) => {
    const state = states[place];
    if (state === "available" && withoutFiles?.includes(place)) return NO_FILES;
    if (state) return MARKS[state];
    return silent.includes(place) ? "?" : "-";
  });
  const reasons = keptBecause.length > 0 || !isThere ? keptBecause : ["nothing"];
  const why = [...(isHeld ? ["held"] : []), ...(verifiedAt ? ["proven"] : []), ...reasons];
  const row = `  ${local(takenAt).padEnd(17)}${cellsOf(cells, places)}`;
  const text = why.join(", ");
  if (row.length + text.length <= 80) return [`${row}${text}`.trimEnd()];
  return [row.trimEnd(), ...hanging(" ".repeat(8), text)];
}

function recoveryWords({ primary, recovery }: BackupView, local: (at: string) => string): string {
  const lost = `without ${primary.region} and its standby`;
  if (!recovery) return `${lost} nothing could be restored`;
  const { from, region, at, lossSeconds, soldSeconds } = recovery;
  const what = from === "logs" ? "logs" : "a backup";
  const minutes = (seconds: number) => formatDuration(Math.round(seconds / 60) * 60);
  const sold = soldSeconds === undefined ? "" : `, ${minutes(soldSeconds)} sold`;
  return `${lost}: ${what} of ${local(at)} in ${region}, ${minutes(lossSeconds)} lost${sold}`;
}

/** As wide as the name of each place needs. */
export const cellsOf = (cells: readonly string[], places: readonly string[]) =>
  cells.map((cell, index) => cell.padEnd((places[index]?.length ?? 0) + 1)).join("");

function words(action: Action): string {
  if (action.kind === "take") return `${action.id} of ${action.database}: ${action.because}`;
  if ("source" in action) return `${action.id} to ${action.region}: ${action.because}`;
  if (action.kind === "copy") return `${action.backup.id} from ${action.from}: ${action.because}`;
  const { region, id } = action.backup;
  const place = action.kind === "delete" ? region : action.region;
  return `${id} in ${place}: ${action.because}`;
}

function logWords({ to, latest, lossSeconds }: ReplicatedLogs, local: (at: string) => string) {
  if (latest === undefined || lossSeconds === undefined) {
    return `replicated to ${to}; nothing can be restored from them yet`;
  }
  const lag = formatDuration(Math.round(lossSeconds / 60) * 60);
  return `replicated to ${to} up to ${local(latest)}, ${lag} behind`;
}
