import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import type { Carried, CarriedTo, Seal } from "./contract.ts";

type Keeper = Pick<Ledger, "create" | "text">;

/** Where seals are kept besides their own ledger. */
export interface Destination {
  /** A region or a bucket: what was carried is remembered of this place alone. */
  readonly name: string;
  readonly keeper: Keeper;
}

interface CarryPorts {
  readonly site: string;
  readonly ledger: Ledger;
  readonly mirror: Destination | undefined;
  readonly vault: Destination | undefined;
}

/** A place that is new gets years of them: the next pass goes on. */
const MOST_A_PASS = 400;

/**
 * Carries the seals of these days, in order, to where they do not lie yet, so that one name says how far it came. A place
 * that changed gets all of them. Resolves to how far, and to what kept it from going on.
 */
export async function carry(
  days: readonly string[],
  { site, ledger, mirror, vault }: CarryPorts,
): Promise<{ readonly carried: Carried; readonly failures: readonly string[] }> {
  const before = (await ledger.read<Carried>(keys.carried(site)))?.value ?? {};
  const failures: string[] = [];
  const reached: { mirrored?: CarriedTo; frozen?: CarriedTo } = { ...before };
  const bring = async (
    kind: keyof Carried,
    to: string,
    bringOne: (day: string) => Promise<void>,
  ) => {
    const done = dayAt(before[kind], to);
    try {
      // The newest holds all before it: whoever made any of them anew is told.
      if (done !== "") await bringOne(done);
      for (const day of days.filter((each) => each > done).slice(0, MOST_A_PASS)) {
        await bringOne(day);
        reached[kind] = { to, day };
      }
    } catch (cause) {
      failures.push(`${kind}: ${(cause as Error).message}`);
    }
  };
  if (mirror)
    await bring("mirrored", mirror.name, (day) => mirrorDay(day, site, ledger, mirror.keeper));
  if (vault) {
    await bring("frozen", vault.name, async (day) => {
      const seal = await textOf(keys.daySeal(day), ledger);
      await keep(vault.keeper, keys.frozenSeal(site, day), seal);
    });
  }
  const isNew = reached.mirrored !== before.mirrored || reached.frozen !== before.frozen;
  if (isNew) await rewrite<Carried>(ledger, keys.carried(site), (now) => ({ ...now, ...reached }));
  return { carried: reached, failures };
}

/** Nothing of what says no place, or another. */
const dayAt = (carried: Partial<CarriedTo> | undefined, to: string): string =>
  carried?.to === to ? (carried.day ?? "") : "";

/** Rejects with `LedgerBroken` where nothing lies. */
export async function textOf(key: string, ledger: Pick<Ledger, "text">): Promise<string> {
  const text = await ledger.text(key);
  if (text !== undefined) return text;
  throw new SlaError("LedgerBroken", "operator", `${key}: was listed, and is not there any more`);
}

/** The seal comes last: where it lies, its roll-ups do. */
async function mirrorDay(day: string, site: string, from: Ledger, to: Keeper): Promise<void> {
  const seal = await textOf(keys.daySeal(day), from);
  const { rollUps, statements, tickets, left } = JSON.parse(seal) as Seal;
  const named = [
    ...Object.keys(rollUps).map((shard) => keys.day(day, shard)),
    ...(typeof statements === "string" ? [keys.statements(day)] : []),
    ...(typeof tickets === "string" ? [keys.ticketsOf(day)] : []),
    ...(typeof left === "string" ? [keys.leftOn(day)] : []),
  ];
  for (const key of named) {
    await keep(to, keys.mirror(site, key), await textOf(key, from));
  }
  await keep(to, keys.mirror(site, keys.daySeal(day)), seal);
}

/** What lies there already must be the same: nobody else writes it. Rejects with `SealsDiffer`. */
async function keep(keeper: Keeper, key: string, json: string): Promise<void> {
  if (await keeper.create(key, JSON.parse(json))) return;
  if ((await keeper.text(key)) === json) return;
  throw new SlaError(
    "SealsDiffer",
    "operator",
    `${key}: what was put there before is not what lies in the ledger; compare them with: sla verify`,
  );
}
