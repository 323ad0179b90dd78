import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { emptyShard, readable, type ShardState } from "./shard-state.ts";

const ATTEMPTS = 8;

/** The one place that reads and writes `shards/<shard>.json`; changes of one process follow each other. */
export class ShardStore {
  readonly #ledger: Ledger;
  readonly #key: string;
  readonly #empty: ShardState;
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
  update(change: (state: ShardState) => ShardState): Promise<ShardState> {
    const done = this.#queue.then(() => this.#update(change));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #update(change: (state: ShardState) => ShardState): Promise<ShardState> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const current = await this.#read();
      const before = readable(current?.value, this.#empty);
      const after = change(before);
      if (after === before || (await this.#write(after, current?.tag))) {
        this.#latest = after;
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
