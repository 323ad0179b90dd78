import { Holds } from "./holds.ts";
import { Keys } from "./keys.ts";

/** What is wrong with backups, by region. */
export class Mishaps {
  /** Copies into a region that stay `pending`. */
  readonly copies = new Holds();
  /** Snapshots that stay `creating`. */
  readonly snapshots = new Holds();
  /** Restored instances that stay `creating`. */
  readonly restores = new Holds();
  readonly keys = new Keys();
  readonly #failing = new Map<string, number>();

  failNextCopy(region: string): void {
    this.#failing.set(region, (this.#failing.get(region) ?? 0) + 1);
  }

  /** @throws Error for as many copies into the region as were meant to fail */
  checkCopy(region: string): void {
    const left = this.#failing.get(region) ?? 0;
    if (left === 0) return;
    this.#failing.set(region, left - 1);
    throw new Error(`a copy into ${region} was made to fail`);
  }

  close(): void {
    for (const holds of [this.copies, this.snapshots, this.restores]) holds.close();
  }
}
