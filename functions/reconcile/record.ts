import { type Action, instanceOf, nameOf, placeOf } from "../../lib/sla/backups/action.ts";
import { isProven, type Shelved } from "../../lib/sla/backups/catalogue.ts";
import type { AutomatedBackup } from "../../lib/sla/backups/log-book.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ImageShelf, InstanceLogs, InstanceShelf, ShelfState } from "./contract.ts";
import type { PassReport } from "./pass.ts";

/** What was done, with its reasons; written once, and only where something was. */
export async function recordDeeds(
  ledger: Ledger,
  region: string,
  at: string,
  { done }: Pick<PassReport, "done">,
): Promise<void> {
  if (done.length === 0) return;
  const deeds = done.map(({ action, outcome, of }) => ({
    kind: of === "images" ? `${action.kind}-image` : action.kind,
    id: nameOf(action),
    instance: instanceOf(action),
    ...(action.kind === "copy"
      ? { from: action.from, to: action.to }
      : { region: placeOf(action) }),
    because: action.because,
    ...(isOfNothing(action) && { wasNothing: true }),
    answer: outcome.answer,
    ...(outcome.said !== undefined && { said: outcome.said }),
  }));
  await ledger.create(keys.backupDeeds(at, region), { at, region, deeds });
}

/** It failed as it was made: nobody ever had it, whenever it is deleted. */
const isOfNothing = (action: Action): boolean =>
  action.kind === "delete" && action.backup.state === "failed" && !action.backup.isRemains;

/** Another pass may have written meanwhile: then that one has told, too, and its state stays. */
export async function recordState(
  ledger: Ledger,
  region: string,
  tag: string | undefined,
  state: ShelfState,
): Promise<void> {
  const key = keys.shelf(region);
  await (tag === undefined ? ledger.create(key, state) : ledger.replace(key, state, tag));
}

/** Backups and replicated logs in this region by instance. */
export function shelvesOf(
  { here, files, logs, images }: Pick<PassReport, "here" | "files" | "logs" | "images">,
  nowMs: number,
): ShelfState["instances"] {
  const byInstance = Map.groupBy(here, ({ instance }) => instance);
  const imaged = Map.groupBy(images, ({ instance }) => instance);
  const instances = [...new Set([...byInstance.keys(), ...logs.keys(), ...imaged.keys()])];
  return Object.fromEntries(
    instances.map((instance) => {
      const replicated = logs.get(instance);
      const shelf = shelfOf(byInstance.get(instance) ?? [], files.lacking.get(instance) ?? []);
      const own = imaged.get(instance);
      return [
        instance,
        {
          ...shelf,
          ...(replicated && { logs: logsOf(replicated, nowMs) }),
          ...(own && { images: imageShelfOf(own) }),
        },
      ];
    }),
  );
}

function logsOf({ source, latest }: AutomatedBackup, nowMs: number): InstanceLogs {
  if (latest === undefined) return { from: source.region };
  const lossSeconds = Math.max(0, Math.round((nowMs - Date.parse(latest)) / 1000));
  return { from: source.region, latest, lossSeconds };
}

function shelfOf(backups: readonly Shelved[], withoutFiles: readonly string[]): InstanceShelf {
  const available = backups.filter(({ state }) => state === "available");
  const verified = available.filter(isProven).flatMap(({ verifiedMs }) => verifiedMs ?? []);
  return {
    ...countsOf(backups),
    ...(withoutFiles.length > 0 && { withoutFiles }),
    ...(verified.length > 0 && { verified: iso(Math.max(...verified)) }),
  };
}

function imageShelfOf(images: readonly Shelved[]): ImageShelf {
  const newest = images
    .filter((each) => each.state === "available" && isProven(each))
    .toSorted((one, other) => (one.verifiedMs ?? 0) - (other.verifiedMs ?? 0))
    .at(-1);
  if (newest?.verifiedMs === undefined) return countsOf(images);
  const proven = { at: iso(newest.verifiedMs), takenAt: iso(newest.takenMs) };
  return { ...countsOf(images), proven };
}

function countsOf(all: readonly Shelved[]): Omit<ImageShelf, "proven"> {
  const taken = all.filter(({ state }) => state === "available").map(({ takenMs }) => takenMs);
  return {
    available: taken.length,
    making: all.filter(({ state }) => state === "making").length,
    ...(taken.length > 0 && {
      newest: iso(Math.max(...taken)),
      oldest: iso(Math.min(...taken)),
    }),
  };
}

const iso = (ms: number) => new Date(ms).toISOString();
