import type { Change, ResourceRecordSet } from "@aws-sdk/client-route-53";
import { conflicts } from "./conflicts.ts";
import { canonical } from "./names.ts";
import { describe, isEqual, isSame, type RecordBook } from "./record-book.ts";
import { brokenRules } from "./record-rules.ts";

/** What one change did to one record set. */
export interface Effect {
  readonly name: string;
  readonly type: string;
  readonly setIdentifier?: string;
  readonly before?: ResourceRecordSet;
  readonly after?: ResourceRecordSet;
}

export type BatchOutcome =
  | { readonly kind: "applied"; readonly book: RecordBook; readonly effects: readonly Effect[] }
  | { readonly kind: "refused"; readonly problems: readonly string[] };

/** Route 53's limits of one batch; an UPSERT counts twice. */
const MAX_RECORDS = 1000;
const MAX_CHARACTERS = 32_000;

/**
 * All changes or none. Each is checked against the records as the ones before it left them, what may
 * not stand side by side only at the end, so that a batch can replace a simple record by two others.
 */
export function applyBatch(
  book: RecordBook,
  changes: readonly Change[],
  zone: string,
): BatchOutcome {
  const problems = overLimits(changes);
  const next = new Map(book);
  const effects: Effect[] = [];
  for (const change of changes) {
    const after = normalised(change.ResourceRecordSet);
    const sets = next.get(after.Name ?? "") ?? [];
    const before = sets.find((set) => isSame(set, after));
    problems.push(...refusals(change.Action ?? "", before, after, zone, effects));
    const kept = change.Action === "DELETE" ? [] : [after];
    replace(next, after.Name ?? "", [...sets.filter((set) => set !== before), ...kept]);
    effects.push(effectOf(after, before, kept[0]));
  }
  const touched = [...new Set(effects.map(({ name }) => name))];
  problems.push(...touched.flatMap((name) => conflicts(name, next.get(name) ?? [], zone)));
  return problems.length > 0
    ? { kind: "refused", problems: [...new Set(problems)] }
    : { kind: "applied", book: next, effects };
}

function refusals(
  action: string,
  before: ResourceRecordSet | undefined,
  after: ResourceRecordSet,
  zone: string,
  earlier: readonly Effect[],
): string[] {
  if (action === "DELETE") {
    if (!before)
      return [`Tried to delete resource record set ${describe(after)} but it was not found`];
    if (isEqual(before, after)) return [];
    return [
      `Tried to delete resource record set ${describe(after)} but the values provided do not match the current values`,
    ];
  }
  if (action === "CREATE" && before) {
    return [`Tried to create resource record set ${describe(after)} but it already exists`];
  }
  const repeated = earlier.some(
    (it) => it.after && isSame(it.after, after) && isSame(before ?? {}, after),
  );
  return repeated
    ? [
        `The request contains an invalid set of changes for a resource record set '${after.Type} ${after.Name}'`,
      ]
    : brokenRules(after, zone);
}

function replace(
  book: Map<string, readonly ResourceRecordSet[]>,
  name: string,
  sets: readonly ResourceRecordSet[],
) {
  if (sets.length > 0) book.set(name, sets);
  else book.delete(name);
}

function effectOf(
  { Name = "", Type, SetIdentifier }: ResourceRecordSet,
  before: ResourceRecordSet | undefined,
  after: ResourceRecordSet | undefined,
): Effect {
  return {
    name: Name,
    type: Type ?? "",
    ...(SetIdentifier !== undefined && { setIdentifier: SetIdentifier }),
    ...(before && { before }),
    ...(after && { after }),
  };
}

const normalised = (set: ResourceRecordSet | undefined): ResourceRecordSet => ({
  Type: set?.Type,
  ...set,
  Name: canonical(set?.Name ?? ""),
});

function overLimits(changes: readonly Change[]): string[] {
  let records = 0;
  let characters = 0;
  for (const { Action, ResourceRecordSet: set } of changes) {
    const weight = Action === "UPSERT" ? 2 : 1;
    const values = set?.ResourceRecords ?? [];
    records += weight * Math.max(values.length, 1);
    characters += weight * values.reduce((sum, { Value }) => sum + (Value?.length ?? 0), 0);
  }
  return [
    ...(records > MAX_RECORDS ? [`Number of records limit of ${MAX_RECORDS} exceeded.`] : []),
    ...(characters > MAX_CHARACTERS
      ? [`Number of characters limit of ${MAX_CHARACTERS} exceeded.`]
      : []),
  ];
}
