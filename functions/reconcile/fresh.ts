import { FRESH_WITHIN_MS, type FreshWish } from "../../lib/sla/backups/schedule.ts";
import { inLanes } from "../kernel/lanes.ts";
import { prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { FreshRequest } from "./contract.ts";

const LANES = 16;

/** Wishes that may still have to be carried out, by instance; what has become of each its backup says. */
export async function wishesOf(ledger: Ledger, now: Date): Promise<ReadonlyMap<string, FreshWish>> {
  const listed = await ledger.list(prefixes.fresh);
  const found = await inLanes(LANES, listed, ({ key }) => ledger.read<FreshRequest>(key));
  return new Map(
    found.flatMap((entry) => {
      const askedMs = Date.parse(entry?.value.askedAt ?? "");
      const isOpen = now.getTime() - askedMs < FRESH_WITHIN_MS;
      return entry && isOpen ? [[entry.value.instance, { askedMs }] as const] : [];
    }),
  );
}
