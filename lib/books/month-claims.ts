import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import { announced } from "../../functions/ledger/maintenance.ts";
import { recordsBelow, valueAt } from "../../functions/ledger/records.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import type { IncidentRecord } from "../../functions/watch/contract.ts";
import {
  type AnnotationRecord,
  type IncidentSpan,
  readAnnotation,
} from "../sla/books/annotation.ts";
import type { Window } from "../sla/books/window.ts";
import type { Instance } from "../sla/fleet.ts";

/** What somebody claims does not count of a month; whether it does, the plan says. */
export interface Claims {
  readonly windows: readonly Window[];
  /** By instance. */
  readonly annotated: ReadonlyMap<string, readonly Annotated[]>;
  /** Keys of records that nobody can read, that lie under another's key, or whose copies differ. */
  readonly unreadable: readonly string[];
}

export interface Annotated extends AnnotationRecord {
  /** Absent: no ledger knows such an incident. */
  readonly span?: IncidentSpan;
  /** Something was said later that nobody can read: it may have taken this back. */
  readonly overtaken?: true;
}

const LANES = 8;

/** From the ledgers of all sites, or copies of them. Rejects if one does not answer. */
export async function readClaims(
  shelves: readonly Shelf[],
  instances: readonly Instance[],
): Promise<Claims> {
  const { windows, unreadable } = await announced(shelves);
  const found = await annotationsIn(shelves, new Set(instances.map(({ id }) => id)));
  const annotations = await inLanes(LANES, found.annotations, async (each): Promise<Annotated> => {
    const span = await incidentSpan(shelves, each);
    const isOvertaken = found.torn.some((key) => overtakes(key, each));
    return { ...each, ...(span && { span }), ...(isOvertaken && { overtaken: true }) };
  });
  return {
    windows,
    annotated: Map.groupBy(annotations, ({ instance }) => instance),
    unreadable: [...unreadable, ...found.unreadable],
  };
}

/** `annotations/acme/…` → `acme` */
const instanceOf = (key: string) => key.split("/")[1] ?? "";

/** Each once, in however many ledgers it lies. */
async function annotationsIn(shelves: readonly Shelf[], wanted: ReadonlySet<string>) {
  const isWanted = (key: string) => wanted.has(instanceOf(key));
  const found = await Promise.all(
    shelves.map((shelf) => recordsBelow(shelf, prefixes.annotations, isWanted)),
  );
  const unreadable = new Set<string>();
  const byContent = new Map<string, AnnotationRecord>();
  const readable = new Set<string>();
  for (const { key, value } of found.flat()) {
    const record = readAnnotation(value);
    if (record && keys.annotation(record.instance, record.incident, record.at) === key) {
      byContent.set(JSON.stringify(record), record);
      readable.add(key);
    } else unreadable.add(key);
  }
  const torn = [...unreadable].filter((key) => !readable.has(key));
  return { annotations: [...byContent.values()], unreadable, torn };
}

/** Of the same incident, and said later: keys of one folder sort by their instants. */
const overtakes = (torn: string, { instance, incident, at }: AnnotationRecord) =>
  torn.startsWith(prefixes.annotationsOf(instance, incident)) &&
  torn > keys.annotation(instance, incident, at);

/** From its first bad round to its first good one; as the copies say that make it shortest. */
export async function incidentSpan(
  shelves: readonly Pick<Shelf, "read">[],
  { instance, incident }: Pick<AnnotationRecord, "instance" | "incident">,
): Promise<IncidentSpan | undefined> {
  const key = keys.incident(instance, incident);
  const copies = await Promise.all(shelves.map((shelf) => valueAt(shelf, key)));
  const spans = copies.flatMap((copy) => spanOf(copy as Partial<IncidentRecord> | undefined));
  if (spans.length === 0) return undefined;
  // One that was not told of the end does not keep it open.
  const ends = spans.flatMap(({ toMs }) => toMs ?? []);
  const fromMs = Math.max(...spans.map((span) => span.fromMs));
  return ends.length === 0 ? { fromMs } : { fromMs, toMs: Math.min(...ends) };
}

/** Of an instance that left in the middle nobody saw a good round: it ends where looking ended. */
function spanOf(record: Partial<IncidentRecord> | undefined | null): IncidentSpan[] {
  const { firstBadAt, firstGoodAt, closedAt } = record ?? {};
  const fromMs = Date.parse(firstBadAt ?? "");
  const toMs = Date.parse(firstGoodAt ?? closedAt ?? "");
  if (Number.isNaN(fromMs)) return [];
  return [Number.isNaN(toMs) ? { fromMs } : { fromMs, toMs }];
}
