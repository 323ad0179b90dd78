import { isBeyond } from "../../lib/sla/log-position.ts";
import type { Reading } from "../sql/contract.ts";

/** What was on its way when the primary died may arrive once; twice, and somebody is writing. */
const PROOF_OF_LIFE = 2;

/** Listens whether a standby receives more and more of the log: then its primary lives, beats or not. */
export class LogStream {
  #received: string | undefined;
  #streams = false;
  #advances = 0;

  constructor(first: Reading | undefined) {
    this.#received = first?.receivedLsn;
  }

  hear({ inRecovery, streaming, receivedLsn = this.#received }: Reading): void {
    this.#streams = inRecovery && streaming;
    if (this.#streams && isBeyond(receivedLsn, this.#received)) this.#advances += 1;
    this.#received = receivedLsn;
  }

  /** It has moved, and may again. */
  get moves(): boolean {
    return this.#streams && this.#advances > 0;
  }

  get isAlive(): boolean {
    return this.#streams && this.#advances >= PROOF_OF_LIFE;
  }
}
