import { keys, prefixes } from "../../functions/ledger/contract.ts";
import { sealedText } from "../../functions/ledger/torn.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import type { DayRollUp, Seal } from "../../functions/report/contract.ts";
import type { DayBook } from "../../functions/report/day-book.ts";
import { readDay } from "../../functions/report/day-reading.ts";
import { sha256 } from "../../functions/report/sha256.ts";

/** Something of the evidence is not what was sealed. */
export interface Finding {
  /** Key in the ledger. */
  readonly key: string;
  /** What is the matter, as the end of a sentence that begins with the key. */
  readonly what: string;
}

export interface VerifiedDay {
  readonly records: number;
  readonly findings: readonly Finding[];
}

/** Whether the roll-ups of a day are those of its seal, and follow from records that nobody has changed. */
export async function verifyDay(shelf: Shelf, seal: Seal): Promise<VerifiedDay> {
  const { day } = seal;
  const known = await rollUpsOf(shelf, seal);
  const sold = new Map(known.flatMap(({ rollUp }) => Object.entries(rollUp?.instances ?? {})));
  const of = { day, site: seal.site, soldTo: (id: string) => sold.get(id) ?? {} };
  const book = await readDay(shelf, { ...of, now: Date.now });
  const found = byShard(book);
  const unknown = [...found.keys()].filter((shard) => !(shard in seal.rollUps));
  return {
    records: [...found.values()].reduce((sum, { records }) => sum + records.length, 0),
    findings: [
      ...known.flatMap(({ shard, finding, rollUp }) =>
        finding ? [finding] : compared(day, rollUp, found.get(shard)),
      ),
      ...unknown.flatMap((shard) => addedIn(day, [], found.get(shard)?.records ?? [])),
    ],
  };
}

/** The same where the records themselves are not to be had. */
export async function verifyRollUps(shelf: Shelf, seal: Seal): Promise<VerifiedDay> {
  const known = await rollUpsOf(shelf, seal);
  return { records: 0, findings: known.flatMap(({ finding }) => finding ?? []) };
}

const rollUpsOf = (shelf: Shelf, { day, rollUps }: Seal) =>
  Promise.all(
    Object.entries(rollUps).map(async ([shard, sum]) => ({
      shard,
      ...judged(keys.day(day, shard), await sealedText(shelf, keys.day(day, shard)), sum),
    })),
  );

interface Judged {
  readonly rollUp?: DayRollUp;
  readonly finding?: Finding;
}

function judged(key: string, text: string | undefined, sealed: string): Judged {
  if (text === undefined)
    return { finding: { key, what: "was taken away after its day was sealed" } };
  return sha256(text) === sealed
    ? { rollUp: JSON.parse(text) as DayRollUp }
    : { finding: { key, what: "was changed after its day was sealed" } };
}

const byShard = (book: DayBook) => new Map(book.rollUps().map((each) => [each.shard, each]));

type Sums = DayRollUp["records"];

/** A roll-up as it was sealed, and as it would be now. */
function compared(day: string, sealed?: DayRollUp, now?: DayRollUp): readonly Finding[] {
  if (!sealed) return [];
  const there = new Map(now?.records ?? []);
  const changed = sealed.records.flatMap(([name, sum]) => {
    const key = prefixes.rounds(day) + name;
    if (!there.has(name)) return [{ key, what: "was taken away after its day was sealed" }];
    return there.get(name) === sum ? [] : [{ key, what: "was changed after its day was sealed" }];
  });
  const findings = [...changed, ...addedIn(day, sealed.records, now?.records ?? [])];
  if (findings.length > 0 || JSON.stringify(sealed) === JSON.stringify(now)) return findings;
  return [{ key: keys.day(day, sealed.shard), what: "does not follow from its records" }];
}

function addedIn(day: string, sealed: Sums, now: Sums): readonly Finding[] {
  const known = new Set(sealed.map(([name]) => name));
  return now
    .filter(([name]) => !known.has(name))
    .map(([name]) => ({
      key: prefixes.rounds(day) + name,
      what: "came after its day was sealed: it is not counted",
    }));
}
