import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger, Ledgers } from "../ledger/ledger.ts";
import type { IncidentChange, IncidentRecord, ShardSight } from "./contract.ts";

const ATTEMPTS = 5;

/**
 * Adds a change to an incident's record: in this site's ledger for certain, in the others' if they
 * answer. Whoever owns the instance next finds it in one of them.
 */
export async function writeIncident(
  ledgers: Ledgers,
  change: IncidentChange,
  { site, others }: { readonly site: string; readonly others: readonly string[] },
): Promise<void> {
  const copy = (whole: IncidentChange) =>
    Promise.all(others.map((other) => merge(ledgers(other), whole).catch(() => undefined)));
  if (change.shards === undefined) {
    const copies = copy(change);
    await merge(ledgers(site), change);
    await copies;
    return;
  }
  // A copy that has missed a shard would close it too early: it gets all that is known here.
  await copy(await merge(ledgers(site), change));
}

/** What others have written into the record stays; members of a region incident come from several shards. */
async function merge(ledger: Ledger, change: IncidentChange): Promise<IncidentChange> {
  const key = keys.incident(change.instance, change.incident);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const current = await ledger.read<Partial<IncidentRecord>>(key);
    const next = together(current?.value ?? {}, change);
    const done = current
      ? await ledger.replace(key, next, current.tag)
      : await ledger.create(key, next);
    if (done) return next;
  }
  throw new SlaError("LedgerContended", "cloud", `${key}: ${ATTEMPTS} writes lost in a row`);
}

/** Of a region incident each shard says when it is over for it; the last one closes it. */
export function together(before: Partial<IncidentRecord>, change: IncidentChange): IncidentChange {
  const members = union(before.members, change.members);
  const shards = sights(before.shards, change.shards);
  const { closedAt, ...open } = { ...before, ...change };
  return {
    ...open,
    ...(members.length > 0 && { members }),
    ...(shards && { shards }),
    ...(closedAt !== undefined && Object.values(shards ?? {}).every(isOver) && { closedAt }),
  };
}

type Sights = NonNullable<IncidentRecord["shards"]>;

/** A shard may lose the region again while others still see it lost: the newest word of each counts. */
function sights(one: Sights | undefined, other: Sights | undefined): Sights | undefined {
  if (!one || !other) return one ?? other;
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    names.map((shard) => {
      const seenAt = newest(one[shard]?.seenAt, other[shard]?.seenAt);
      const overAt = newest(one[shard]?.overAt, other[shard]?.overAt);
      return [shard, { ...(seenAt && { seenAt }), ...(overAt && { overAt }) }];
    }),
  );
}

const newest = (one = "", other = "") => (one > other ? one : other);

const isOver = ({ seenAt = "", overAt = "" }: ShardSight) => overAt >= seenAt;

const union = (one: readonly string[] = [], other: readonly string[] = []) => [
  ...new Set([...one, ...other]),
];
