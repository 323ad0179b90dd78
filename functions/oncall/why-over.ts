import { keys } from "../ledger/contract.ts";
import type { Ledger, Ledgers } from "../ledger/ledger.ts";
import type { Ack, Call } from "./contract.ts";

/** Asks ledgers, the site's own first; another that does not answer is not asked again for the rest of a round. */
export class Witnesses {
  readonly #own: Ledger;
  readonly #others: readonly { readonly site: string; readonly ledger: Ledger }[];
  readonly #silent = new Set<string>();

  constructor(ledgers: Ledgers, own: string, sites: readonly string[]) {
    this.#own = ledgers(own);
    this.#others = sites
      .filter((site) => site !== own)
      .map((site) => ({ site, ledger: ledgers(site) }));
  }

  /** Why nobody needs to be called any more. Rejects if the site's own ledger does not answer. */
  async whyOver(call: Call): Promise<Ack | "over" | undefined> {
    const own = await verdictOf(this.#own, call);
    if (own !== undefined || call.overAt !== undefined) return own ?? "over";
    for (const { site, ledger } of this.#others) {
      if (this.#silent.has(site)) continue;
      try {
        const verdict = await verdictOf(ledger, call);
        if (verdict !== undefined) return verdict;
      } catch {
        this.#silent.add(site);
      }
    }
    return undefined;
  }
}

async function verdictOf(ledger: Ledger, call: Call): Promise<Ack | "over" | undefined> {
  const { instance, id, incident, withIncident } = call;
  const ack = await ledger.read<Ack>(keys.ack(instance, id));
  if (ack) return ack.value;
  if (!withIncident) return undefined;
  // The record of a lost region lies under a name that no instance has.
  const folders = [instance, `region--${instance}`];
  const records = await Promise.all(
    folders.map((folder) => ledger.read<{ closedAt?: string }>(keys.incident(folder, incident))),
  );
  return records.some((record) => record?.value.closedAt !== undefined) ? "over" : undefined;
}
