import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger, Ledgers } from "../ledger/ledger.ts";
import type { IncidentChange, IncidentRecord } from "./contract.ts";

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
  const copies = others.map((other) => merge(ledgers(other), change).catch(() => undefined));
  await merge(ledgers(site), change);
  await Promise.all(copies);
}

/** What others have written into the record stays; members of a region incident come from several shards. */
async function merge(ledger: Ledger, change: IncidentChange): Promise<void> {
  const key = keys.incident(change.instance, change.incident);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const current = await ledger.read<Partial<IncidentRecord>>(key);
    const done = current
      ? await ledger.replace(key, together(current.value, change), current.tag)
      : await ledger.create(key, change);
    if (done) return;
  }
  throw new SlaError("LedgerContended", "cloud", `${key}: ${ATTEMPTS} writes lost in a row`);
}

function together(before: Partial<IncidentRecord>, change: IncidentChange) {
  const members = [...new Set([...(before.members ?? []), ...(change.members ?? [])])];
  return { ...before, ...change, ...(members.length > 0 && { members }) };
}
