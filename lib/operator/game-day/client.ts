import type { Clock } from "../../../functions/kernel/clock.ts";
import type { Instance } from "../../sla/fleet.ts";
import type { ClientView } from "./record.ts";
import type { GameDayWorld } from "./world.ts";

/** Plan seconds between two looks, and the least real time: a client that asked more often would be a load. */
const EVERY_SECONDS = 1;
const EVERY_FLOOR_MS = 250;

/** A client of the page that notes when it was served. */
export class Client {
  readonly #clock: Clock;
  readonly #look: () => Promise<string | undefined>;
  #looks = 0;
  #bad = 0;
  #lastGood: string | undefined;
  #firstBad: string | undefined;
  #goodAgain: string | undefined;
  #isStopped = false;
  #running: Promise<void> | undefined;

  constructor({ access, page }: Pick<GameDayWorld, "access" | "page">, instance: Instance) {
    this.#clock = access.clock;
    this.#look = () => page(instance);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  /** Noted by when it was asked: an answer is as old as its question. */
  async look(): Promise<void> {
    const at = this.#clock.now().toISOString();
    const complaint = await this.#look();
    this.#looks += 1;
    if (complaint === undefined) {
      if (this.#firstBad === undefined) this.#lastGood = at;
      else this.#goodAgain ??= this.#clock.now().toISOString();
      return;
    }
    this.#bad += 1;
    this.#firstBad ??= at;
    this.#goodAgain = undefined;
  }

  get isServed(): boolean {
    return this.#firstBad === undefined || this.#goodAgain !== undefined;
  }

  view(): ClientView {
    return {
      ...{ looks: this.#looks, bad: this.#bad },
      ...(this.#lastGood !== undefined && { lastGoodAt: this.#lastGood }),
      ...(this.#firstBad !== undefined && { firstBadAt: this.#firstBad }),
      ...(this.#goodAgain !== undefined && { goodAgainAt: this.#goodAgain }),
    };
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      await this.look();
      await this.#clock.wait(EVERY_SECONDS, EVERY_FLOOR_MS);
    }
  }
}
