import { isDeepStrictEqual } from "node:util";
import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import { sealedText } from "../../functions/ledger/torn.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import type { Published } from "../../functions/report/contract.ts";
import { sha256 } from "../../functions/report/sha256.ts";
import type { InstanceFigures } from "../books/month-report.ts";
import { figuresJson } from "../books/month-report-json.ts";
import type { Finding } from "./verify-day.ts";

/** A month as it was published in one ledger. */
export interface VerifiedPublication {
  /** Of the ledger. */
  readonly name: string;
  readonly documents: number;
  readonly findings: readonly Finding[];
}

const LANES = 16;

/** What money follows from. Incidents may be closed, and losses bounded, after a month was published. */
const FIGURES = [
  ...(["plan", "minutes", "availability", "objective", "held", "provable"] as const),
  ...(["longestOutageMinutes", "errorBudgetMinutes", "credit", "withoutExclusions"] as const),
];

/**
 * Whether the documents of a month are those that were published, and their figures what follows from the evidence; undefined where
 * a ledger has none. Rejects if it does not answer.
 *
 * @param settle the month as it follows now; undefined where nothing may be settled by the evidence
 */
export async function verifyPublished(
  { name, shelf }: { readonly name: string; readonly shelf: Shelf },
  month: string,
  settle: () => Promise<readonly InstanceFigures[] | undefined>,
): Promise<VerifiedPublication | undefined> {
  const mark = await sealedText(shelf, keys.published(month));
  const sums = mark === undefined ? undefined : documentsIn(mark);
  const laid = (await shelf.list(prefixes.reports(month))).map(({ key }) => key);
  const named = new Set([
    ...laid.filter((key) => isDocument(month, key)),
    ...Object.keys(sums ?? {}),
  ]);
  if (mark === undefined && named.size === 0) return undefined;
  const figures = figuresOf(month, await settle());
  const judged = await inLanes(LANES, [...named].toSorted(), async (key) => {
    const text = await sealedText(shelf, key);
    const what = sealedAs(text, sums, key) ?? whatFollows(text ?? "", figures.get(key));
    return what === undefined ? [] : [{ key, what }];
  });
  const torn = { key: keys.published(month), what: "was changed: nobody can read it" };
  const findings: readonly Finding[] = judged.flat();
  return {
    ...{ name, documents: named.size },
    findings: mark !== undefined && !sums ? [torn, ...findings] : findings,
  };
}

/** Neither a mark nor what lies deeper, which are those of mails. */
const isDocument = (month: string, key: string) =>
  /^[^/]+\.(json|html|csv)$/.test(key.slice(prefixes.reports(month).length)) &&
  key !== keys.reportBegun(month);

const figuresOf = (month: string, settled: readonly InstanceFigures[] | undefined) =>
  new Map(
    (settled ?? []).map((each) => [
      keys.report(month, each.instance, "json"),
      plain(figuresJson(each)),
    ]),
  );

/** What a publication that was not finished has laid down is in no list yet. */
function sealedAs(text: string | undefined, sums: Published["documents"] | undefined, key: string) {
  if (text === undefined) return "was taken away after it was published";
  if (!sums) return undefined;
  if (!Object.hasOwn(sums, key)) return "came after the month was published";
  return sha256(text) === sums[key] ? undefined : "was changed after it was published";
}

type Figures = Readonly<Record<string, unknown>>;

/** Undefined also of a document that the fleet of today has no instance for. */
function whatFollows(document: string, now: Figures | undefined): string | undefined {
  if (!now) return undefined;
  const said = parsed<{ instances?: readonly Figures[] }>(document)?.instances?.[0] ?? {};
  const differing = FIGURES.filter((key) => !isDeepStrictEqual(said[key], now[key]));
  if (differing.length === 0) return undefined;
  return `does not follow from the evidence and the fleet file as they are: ${differing.join(", ")}`;
}

/** As JSON has it. */
const plain = (value: object): Figures => JSON.parse(JSON.stringify(value));

function documentsIn(text: string): Published["documents"] | undefined {
  const documents = parsed<Partial<Published>>(text)?.documents;
  return typeof documents === "object" && documents !== null ? documents : undefined;
}

function parsed<T>(text: string): T | undefined {
  try {
    return (JSON.parse(text) as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}
