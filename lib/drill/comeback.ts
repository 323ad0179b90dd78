import { setTimeout as pause } from "node:timers/promises";
import type { FenceDebt } from "../../functions/failover/debt.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { Instance } from "../sla/fleet.ts";
import { eventually } from "./eventually.ts";
import type { Acknowledgement } from "./processes/writers.ts";
import type { TimelineEntry } from "./result.ts";
import type { Stage } from "./stage.ts";
import { station } from "./timeline.ts";
import { ledgerOf } from "./witness.ts";

/** What became of one old primary whose region came back. Instants are milliseconds since 1970. */
export interface Comeback {
  readonly returnedAt: number;
  /** When its fence was paid; absent if it never was. */
  readonly paidAt?: number;
  /** Ids of rows that were found on it alone, and kept in a ledger. */
  readonly exported: ReadonlySet<number>;
  /** Rows deleted on it since the last look at it as a primary; absent: nobody can say. */
  readonly deletedAtMost?: number;
}

/** Rows that an old primary acknowledged after its successor had been promoted. */
export interface Divergent {
  readonly acknowledged: number;
  /** Of them, acknowledged before its region was back or after its fence was paid. */
  readonly outside: number;
  readonly exported: number;
}

/** Rounds of the payer, and then the search for rows; real, because work is not divided. */
const PATIENCE_MS = 90_000;
const LOOK_MS = 100;
/** Whoever still got through would be seen by then. */
const AFTERMATH_MS = 3000;

/** Looks on from the return of a region until every fence is paid and every row searched for. */
export async function afterReturn(
  stage: Stage,
  lost: readonly Instance[],
  returnedAt: number,
  tell: (entry: TimelineEntry) => void,
): Promise<ReadonlyMap<string, Comeback>> {
  const found = await Promise.all(
    lost.map(async (instance) => {
      const debt = await eventually(
        `the fence of ${instance.database.primary}`,
        PATIENCE_MS,
        () => settledFence(stage, instance),
        { pollMs: LOOK_MS },
      ).catch(() => undefined);
      if (debt) tell(station(Date.parse(debt.paidAt ?? ""), "fence", fenceWords(debt)));
      return [instance.id, debt, await exportedRows(stage, instance)] as const;
    }),
  );
  await pause(AFTERMATH_MS);
  return new Map(
    found.map(([id, debt, exported]) => [
      id,
      {
        returnedAt,
        exported,
        ...(debt?.paidAt !== undefined && { paidAt: Date.parse(debt.paidAt) }),
        ...(debt?.changedAtMost && { deletedAtMost: debt.changedAtMost.deleted }),
      },
    ]),
  );
}

/** Paid, its sessions ended, its rows looked for, again if the first search was cut; in any ledger, because any site pays. */
async function settledFence({ fleet, ...stage }: Stage, { id }: Instance) {
  const debts = await Promise.all(
    Object.keys(fleet.sites).map((region) =>
      ledgerOf({ fleet, ...stage }, region).read<FenceDebt>(keys.debt(id, "fence")),
    ),
  );
  return debts.find(
    (debt) =>
      debt?.state === "paid" &&
      debt.divergent !== undefined &&
      !debt.unsevered &&
      (debt.unsearched === undefined || debt.unsearched === "for good"),
  );
}

const fenceWords = ({ database, region, by, divergent }: FenceDebt) =>
  `${database} (${region}) is fenced by ${by}; rows of its own: ${divergent}`;

interface Exported {
  readonly tables: readonly { readonly rows: readonly { readonly id?: unknown }[] }[];
}

async function exportedRows(stage: Stage, { id }: Instance): Promise<ReadonlySet<number>> {
  const all = await Promise.all(
    Object.keys(stage.fleet.sites).map(async (region) => {
      const ledger = ledgerOf(stage, region);
      const files = (await ledger.keys(`failovers/${id}/`)).filter((key) =>
        key.endsWith("/divergent.json.gz"),
      );
      return Promise.all(files.map((key) => ledger.read<Exported>(key)));
    }),
  );
  const tables = all.flat().flatMap((file) => file?.tables ?? []);
  return new Set(tables.flatMap(({ rows }) => rows.map((row) => Number(row.id))));
}

/** What the writers were told by the old primary, held against what was found on it. */
export function divergentIn(
  acknowledged: readonly Acknowledgement[],
  oldPrimary: string,
  promotedAt: number | undefined,
  { returnedAt, paidAt, exported }: Comeback,
): Divergent {
  const late = acknowledged.filter(
    ({ server, at }) => server === oldPrimary && promotedAt !== undefined && at > promotedAt,
  );
  const end = paidAt ?? Number.POSITIVE_INFINITY;
  return {
    acknowledged: late.length,
    outside: late.filter(({ at }) => at < returnedAt || at > end).length,
    exported: late.filter(({ id }) => exported.has(id)).length,
  };
}
