import { instanceOf, nameOf, placeOf } from "../../lib/sla/backups/action.ts";
import { isProven, type Shelved } from "../../lib/sla/backups/catalogue.ts";
import type { AutomatedBackup } from "../../lib/sla/backups/log-book.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { InstanceLogs, InstanceShelf, ShelfState } from "./contract.ts";
import type { PassReport } from "./pass.ts";

/** What was done, with its reasons; written once, and only where something was. */
export async function recordDeeds(
  ledger: Ledger,
  region: string,
  at: string,
  { done }: Pick<PassReport, "done">,
): Promise<void> {
  if (done.length === 0) return;
  const deeds = done.map(({ action, outcome }) => ({
    kind: action.kind,
    id: nameOf(action),
    instance: instanceOf(action),
    ...(action.kind === "copy"
      ? { from: action.from, to: action.to }
      : { region: placeOf(action) }),
    because: action.because,
    answer: outcome.answer,
    ...(outcome.said !== undefined && { said: outcome.said }),
  }));
  await ledger.create(keys.backupDeeds(at, region), { at, region, deeds });
}

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
  { here, files, logs }: Pick<PassReport, "here" | "files" | "logs">,
  nowMs: number,
): ShelfState["instances"] {
  const byInstance = Map.groupBy(here, ({ instance }) => instance);
  const instances = [...new Set([...byInstance.keys(), ...logs.keys()])];
  return Object.fromEntries(
    instances.map((instance) => {
      const replicated = logs.get(instance);
      const shelf = shelfOf(byInstance.get(instance) ?? [], files.lacking.get(instance) ?? []);
      return [instance, { ...shelf, ...(replicated && { logs: logsOf(replicated, nowMs) }) }];
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
  const taken = available.map(({ takenMs }) => takenMs);
  const verified = available.filter(isProven).flatMap(({ verifiedMs }) => verifiedMs ?? []);
  return {
    available: available.length,
    making: backups.filter(({ state }) => state === "making").length,
    ...(taken.length > 0 && {
      newest: iso(Math.max(...taken)),
      oldest: iso(Math.min(...taken)),
    }),
    ...(withoutFiles.length > 0 && { withoutFiles }),
    ...(verified.length > 0 && { verified: iso(Math.max(...verified)) }),
  };
}

const iso = (ms: number) => new Date(ms).toISOString();
