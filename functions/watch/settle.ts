import { failoverStarted } from "../../lib/sla/incident-state.ts";
import { executionName, type FailoverRequest } from "../failover/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Ledgers } from "../ledger/ledger.ts";
import { NOTICES_AT_ONCE } from "../notify/contract.ts";
import { writeIncident } from "./incident-record.ts";
import type { Messenger, Replacer, Starter } from "./ports.ts";
import type { Owed, ShardState } from "./shard-state.ts";
import type { ShardStore } from "./shard-store.ts";

export interface Hands {
  readonly site: string;
  readonly clock: Clock;
  readonly ledgers: Ledgers;
  readonly starter: Starter;
  readonly replacer: Replacer;
  readonly messenger: Messenger;
}

/**
 * Does what a saved state owes and starts the failovers of its look, all at once, and notes what is done.
 * Each may be repeated: records merge, mails are deduplicated, executions are named after the failure.
 */
export class Settler {
  readonly #hands: Hands;
  readonly #store: ShardStore;
  /** Under way in this process: the next look need not do it too. */
  readonly #busy = new Set<string>();

  constructor(hands: Hands, store: ShardStore) {
    this.#hands = hands;
    this.#store = store;
  }

  /** Resolves to the failures; what failed stays owed. */
  async settle(
    owed: readonly Owed[],
    failovers: readonly FailoverRequest[],
  ): Promise<readonly unknown[]> {
    const outcomes = await Promise.allSettled([
      ...this.#starts(failovers),
      ...inPieces(owed.flatMap((item) => (item.kind === "notice" ? [item] : []))).map((piece) =>
        this.#notices(piece),
      ),
      ...owed.flatMap((item) => (item.kind === "incident" ? [this.#incident(item)] : [])),
    ]);
    return outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  }

  #starts(failovers: readonly FailoverRequest[]): Promise<void>[] {
    return failovers.map((request) =>
      this.#once([executionName(request)], async () => {
        await this.#hands.starter.start(request);
        const at = this.#hands.clock.now().toISOString();
        await this.#store.update((state) => started(state, request, at));
      }),
    );
  }

  #notices(owed: readonly (Owed & { readonly kind: "notice" })[]): Promise<void> {
    return this.#once(idsOf(owed), async (mine) => {
      const notices = owed.filter(({ id }) => mine.has(id)).map(({ notice }) => notice);
      await this.#hands.messenger.notify({ notices });
      await this.#store.update((state) => without(state, mine));
    });
  }

  #incident({ id, change, sites }: Owed & { readonly kind: "incident" }): Promise<void> {
    return this.#once([id], async (mine) => {
      const { site, ledgers } = this.#hands;
      await writeIncident(ledgers, change, { site, others: sites.filter((each) => each !== site) });
      await this.#store.update((state) => without(state, mine));
    });
  }

  async #once(ids: readonly string[], work: (mine: ReadonlySet<string>) => Promise<void>) {
    const mine = new Set(ids).difference(this.#busy);
    if (mine.size === 0) return;
    for (const id of mine) this.#busy.add(id);
    try {
      await work(mine);
    } finally {
      for (const id of mine) this.#busy.delete(id);
    }
  }
}

const inPieces = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / NOTICES_AT_ONCE) }, (_, piece) =>
    all.slice(piece * NOTICES_AT_ONCE, (piece + 1) * NOTICES_AT_ONCE),
  );

const idsOf = (owed: readonly Owed[]) => owed.map(({ id }) => id);

function without(state: ShardState, done: ReadonlySet<string>): ShardState {
  const owed = state.owed.filter(({ id }) => !done.has(id));
  return owed.length === state.owed.length ? state : { ...state, owed };
}

function started(state: ShardState, { instance, epoch }: FailoverRequest, at: string): ShardState {
  const entry = state.instances[instance];
  if (!entry) return state;
  const incident = failoverStarted(entry.incident, epoch, at);
  if (incident === entry.incident) return state;
  return { ...state, instances: { ...state.instances, [instance]: { ...entry, incident } } };
}
