import { FRESH_WITHIN_MS, type FreshWish } from "../../lib/sla/backups/schedule.ts";
import { inLanes } from "../kernel/lanes.ts";
import { prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";

/**
 * `fresh/<instance>.json`: a person's wish for a dump of now. The ledger where dumps are made decides which wish it is, should two be
 * uttered at once; the others are told.
 */
export interface FreshRequest {
  readonly instance: string;
  /** ISO 8601, in whole seconds: names the backup. */
  readonly askedAt: string;
  /** Of the roles then: names the backup likewise. */
  readonly epoch: number;
  /** ARN of whoever asked. */
  readonly by: string;
}

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
