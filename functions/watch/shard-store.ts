import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { emptyShard, readable, type ShardState } from "./shard-state.ts";

const ATTEMPTS = 8;

type Change = (state: ShardState) => ShardState;

const applied = (changes: readonly Change[], state: ShardState) =>
  changes.reduce((known, change) => change(known), state);

/** The one place that reads and writes `shards/<shard>.json`; changes of one process follow each other. */
export class ShardStore {
  readonly #ledger: Ledger;
  readonly #key: string;
  readonly #empty: ShardState;
  /** Changes that the ledger does not have yet, in their order. */
  readonly #deferred: Change[] = [];
  #latest: ShardState | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(ledger: Ledger, shard: string, site: string) {
    this.#ledger = ledger;
    this.#key = keys.shard(shard);
    this.#empty = emptyShard(shard, site);
  }

  /** As last read or written by this process; read the first time. */
  async latest(): Promise<ShardState> {
    this.#latest ??= readable((await this.#read())?.value, this.#empty);
    return this.#latest;
  }

  /**
   * Applies a change to the current state; `change` runs again on what somebody else wrote meanwhile.
   * The same state back means nothing to write. Rejects with `LedgerContended` if others always win.
   */
  update(change: Change): Promise<ShardState> {
    const done = this.#queue.then(() => this.#update(change));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /** Like `update`, but written with the next change, or by `flush`. */
  async defer(change: Change): Promise<void> {
    const latest = await this.latest();
    this.#deferred.push(change);
    this.#latest = change(latest);
  }

  /** Undefined where nothing was deferred. */
  async flush(): Promise<ShardState | undefined> {
    return this.#deferred.length === 0 ? undefined : this.update((state) => state);
  }

  async #update(change: Change): Promise<ShardState> {
    const deferred = [...this.#deferred];
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const current = await this.#read();
      const before = readable(current?.value, this.#empty);
      const after = change(applied(deferred, before));
      if (after === before || (await this.#write(after, current?.tag))) {
        this.#deferred.splice(0, deferred.length);
        this.#latest = applied(this.#deferred, after);
        return after;
      }
    }
    throw new SlaError(
      "LedgerContended",
      "cloud",
      `${this.#key}: ${ATTEMPTS} writes lost in a row`,
    );
  }

  #read() {
    return this.#ledger.read<Partial<ShardState>>(this.#key);
  }

  #write(state: ShardState, tag: string | undefined): Promise<boolean> {
    return tag === undefined
      ? this.#ledger.create(this.#key, state)
      : this.#ledger.replace(this.#key, state, tag);
  }
}
