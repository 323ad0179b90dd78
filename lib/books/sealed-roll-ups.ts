import { SlaError } from "../../functions/kernel/errors.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { sealedText } from "../../functions/ledger/torn.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import type { DayRollUp, Seal, SealName } from "../../functions/report/contract.ts";
import { readSeal } from "../../functions/report/read-seal.ts";
import { sha256 } from "../../functions/report/sha256.ts";

/** By which a site's day is known. */
export type SiteSeal = SealName & Pick<Seal, "site">;

export interface SealRead extends SiteSeal, Pick<Seal, "rollUps"> {}

/** Undefined where a day is not sealed. Rejects with `EvidenceChanged` where it is no seal any more. */
export async function sealOf(shelf: Shelf, day: string): Promise<SealRead | undefined> {
  const text = await sealedText(shelf, keys.daySeal(day));
  if (text === undefined) return undefined;
  const seal = readSeal(text);
  if (!seal) throw changed(keys.daySeal(day), "is no seal any more");
  const { site, rollUps } = seal;
  return { site, day, sha256: sha256(text), rollUps };
}

/** What a seal names. */
export const rollUpsOf = ({ day, rollUps }: SealRead) =>
  Object.entries(rollUps).map(([shard, sealed]) => ({
    key: keys.day(day, shard),
    sha256: sealed,
  }));

/** Without the names of its records, of which there are most. Rejects with `EvidenceChanged` if it is not what was sealed. */
export async function rollUpAt(shelf: Shelf, key: string, sealed: string) {
  const text = await sealedText(shelf, key);
  if (text !== undefined && sha256(text) === sealed) {
    const { day, evidence, instances } = JSON.parse(text) as DayRollUp;
    return { day, evidence, instances };
  }
  const what = text === undefined ? "is not there" : "was changed";
  throw changed(key, `${what} since its day was sealed`);
}

const changed = (key: string, what: string) =>
  new SlaError(
    "EvidenceChanged",
    "cloud",
    `${key} ${what}: nothing is settled by it; look with: sla verify`,
  );
