import { isDeepStrictEqual } from "node:util";
import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import { sealedText } from "../../functions/ledger/torn.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import type { Published } from "../../functions/report/contract.ts";
import { sha256 } from "../../functions/report/sha256.ts";
import type { InstanceFigures } from "../books/month-report.ts";
import { monthReportCsv } from "../books/month-report-csv.ts";
import { figuresJson } from "../books/month-report-json.ts";
import type { Finding } from "./verify-day.ts";

/** A month as it was published in one ledger. */
export interface VerifiedPublication {
  /** Of the ledger. */
  readonly name: string;
  readonly documents: number;
  /** Instances that the fleet file does not have any more: what their documents say was held against no evidence. */
  readonly unsettled: readonly string[];
  readonly findings: readonly Finding[];
}

const LANES = 16;

/** What money follows from. Incidents may be closed, and losses bounded, after a month was published. */
const FIGURES = [
  ...(["plan", "minutes", "availability", "objective", "held", "provable"] as const),
  ...(["longestOutageMinutes", "errorBudgetMinutes", "credit", "withoutExclusions"] as const),
];

/** What documents from before it was told do not have. */
const NEWER: readonly string[] = ["timezone", "eligibility", "creditEligible"];

/** The same in a table. */
const COLUMNS = [
  ...(["plan", "minutes", "up", "down", "unobserved", "maintenance", "excluded"] as const),
  ...(["availability", "objective", "held", "provable", "longestOutageMinutes"] as const),
  ...(["errorBudgetMinutes", "creditPercent", "creditAmount", "currency", "claimBefore"] as const),
  ...(["availabilityWithoutExclusions", "heldWithoutExclusions"] as const),
];

/** What is of the whole fleet. */
const INDEX = "index";
/** More instances of an index are counted. */
const SHOWN = 3;

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
  const settled = await settle();
  const known = settled && figuresOf(settled);
  const documents = [...named].toSorted().map((key) => documentAt(month, key));
  const told = namesOf(documents);
  const judged = await inLanes(LANES, documents, async (document) => {
    const text = await sealedText(shelf, document.key);
    const what =
      sealedAs(text, sums, document.key) ??
      (document.form === "html" ? await otherRecord(shelf, document, text ?? "") : undefined) ??
      (known && whatFollows(document, { text: text ?? "", known, told }));
    return what === undefined ? [] : [{ key: document.key, what }];
  });
  const torn = { key: keys.published(month), what: "was changed: nobody can read it" };
  const findings: readonly Finding[] = judged.flat();
  return {
    ...{ name, documents: named.size },
    unsettled: known ? told.filter((id) => !known.json.has(id)) : [],
    findings: mark !== undefined && !sums ? [torn, ...findings] : findings,
  };
}

/** Neither a mark nor what lies deeper, which are those of mails. */
const isDocument = (month: string, key: string) =>
  /^[^/]+\.(json|html|csv)$/.test(key.slice(prefixes.reports(month).length)) &&
  key !== keys.reportBegun(month);

/** Something that lies in `reports/<month>/`. */
interface Document {
  readonly key: string;
  /** Where its record lies. */
  readonly record: string;
  /** Of an instance, or `index`. */
  readonly name: string;
  readonly form: string;
}

function documentAt(month: string, key: string): Document {
  const file = key.slice(prefixes.reports(month).length);
  const dot = file.lastIndexOf(".");
  const name = file.slice(0, dot);
  return { key, name, form: file.slice(dot + 1), record: keys.report(month, name, "json") };
}

const namesOf = (documents: readonly Document[]): readonly string[] => [
  ...new Set(documents.map(({ name }) => name).filter((name) => name !== INDEX)),
];

type Figures = Readonly<Record<string, unknown>>;

/** What documents say of instances, by their names: figures as JSON has them, and rows of a table. */
interface Said {
  readonly json: ReadonlyMap<string, Figures>;
  readonly csv: ReadonlyMap<string, Figures>;
}

const figuresOf = (settled: readonly InstanceFigures[]): Said => ({
  json: new Map(settled.map((each) => [each.instance, plain(figuresJson(each))])),
  csv: rowsIn(monthReportCsv({ month: "" }, settled).join("\r\n")),
});

/** No cell has quotes or commas in it. */
function rowsIn(text: string): ReadonlyMap<string, Figures> {
  const [head = [], ...rows] = text
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(","));
  const named = rows.map((row) =>
    Object.fromEntries(head.map((name, index) => [name, row[index] ?? ""])),
  );
  return new Map(named.map((row) => [row["instance"] ?? "", row]));
}

function recordsIn(text: string): ReadonlyMap<string, Figures> {
  const all = parsed<{ readonly instances?: unknown }>(text)?.instances;
  const named = (Array.isArray(all) ? all : []).flatMap((each: Figures | null) =>
    each === null || typeof each !== "object" ? [] : [[String(each["instance"]), each] as const],
  );
  return new Map(named);
}

/** What a publication that was not finished has laid down is in no list yet. */
function sealedAs(text: string | undefined, sums: Published["documents"] | undefined, key: string) {
  if (text === undefined) return "was taken away after it was published";
  if (!sums) return undefined;
  if (!Object.hasOwn(sums, key)) return "came after the month was published";
  return sha256(text) === sums[key] ? undefined : "was changed after it was published";
}

interface Following {
  readonly text: string;
  readonly known: Said;
  /** Of whom there are documents. */
  readonly told: readonly string[];
}

/** Of instances that the fleet of today does not have nothing is said. */
function whatFollows(
  { name, form }: Document,
  { text, known, told }: Following,
): string | undefined {
  const differ = differingIn(form, text, known);
  const asked = (name === INDEX ? told : [name]).filter((id) => known.json.has(id));
  const wrong = asked.flatMap((id) => {
    const differing = differ(id);
    if (differing.length === 0) return [];
    return [name === INDEX ? `${id} (${differing.join(", ")})` : differing.join(", ")];
  });
  if (wrong.length === 0) return undefined;
  const more = wrong.length > SHOWN ? ` and ${wrong.length - SHOWN} more` : "";
  return `does not follow from the evidence and the fleet file as they are: ${wrong.slice(0, SHOWN).join(", ")}${more}`;
}

/** Which figures of an instance a document has otherwise. */
function differingIn(form: string, text: string, known: Said): (id: string) => readonly string[] {
  if (form === "html") return (id) => (isShown(text, known.json.get(id)) ? [] : ["availability"]);
  const [said, now, names] =
    form === "csv" ? [rowsIn(text), known.csv, COLUMNS] : [recordsIn(text), known.json, FIGURES];
  return (id) => {
    const [then, today] = [said.get(id), now.get(id)];
    const newer = NEWER.filter((key) => then?.[key] !== undefined);
    return [...names, ...newer].filter((key) => !isDeepStrictEqual(then?.[key], today?.[key]));
  };
}

/** Pages have words and looks of the program that made them; of a percentage only the sign is their language's. */
function isShown(page: string, figures: Figures | undefined): boolean {
  const availability = figures?.["availability"];
  if (typeof availability !== "string") return true;
  return [availability, availability.replace(".", ",")].some((each) => page.includes(each));
}

/** A page names the SHA-256 of what was published beside it. */
async function otherRecord(
  shelf: Shelf,
  { record }: Document,
  text: string,
): Promise<string | undefined> {
  const json = await sealedText(shelf, record);
  return json === undefined || text.includes(sha256(json))
    ? undefined
    : `does not name the SHA-256 of ${record}`;
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
