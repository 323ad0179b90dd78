import type { Clock } from "../kernel/clock.ts";
import type { Ledger } from "./ledger.ts";

interface Mark {
  readonly state: "sending" | "sent" | "failed";
  /** ISO 8601. */
  readonly at: string;
}

/** Longer than a function that sends lives after its claim: whoever was sending is gone then. */
const LEASE_SECONDS = 120;
/** No pace divides a function's life below this. */
const LEASE_FLOOR_MS = 10_000;

/** `theirs`: somebody is sending it, or died over it; only a later repeat can tell. */
export type Claim = "ours" | "theirs" | "sent";

const LOOKS = 5;
const LOOK_SECONDS = 2;
const LOOK_FLOOR_MS = 100;

/**
 * Which mails have left, one mark in the ledger for each. A claim keeps a concurrent repeat from sending too; a claim
 * whose owner died is taken over. So a mail leaves at least once, and twice only if the function dies
 * between sending and marking: a lost alert is worse than a repeated one.
 */
export class MailMarks {
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(ledger: Ledger, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** Whose it is to send. Of one that somebody else is sending, it waits a little for the outcome. */
  async claim(key: string): Promise<Claim> {
    for (let look = 1; ; look += 1) {
      const claim = await this.#claim(key);
      if (claim !== "theirs" || look === LOOKS) return claim;
      await this.#clock.wait(LOOK_SECONDS, LOOK_FLOOR_MS);
    }
  }

  async #claim(key: string): Promise<Claim> {
    if (await this.#ledger.create(key, this.#mark("sending"))) return "ours";
    const held = await this.#ledger.read<Mark>(key);
    if (held?.value.state === "sent") return "sent";
    if (!held || !this.#isFree(held.value)) return "theirs";
    const taken = await this.#ledger.replace(key, this.#mark("sending"), held.tag);
    return taken ? "ours" : "theirs";
  }

  async settle(key: string, state: "sent" | "failed"): Promise<void> {
    const held = await this.#ledger.read<Mark>(key);
    // Who was taken for dead and fails after all has nothing to say about a mail that left.
    if (!held || (state === "failed" && held.value.state === "sent")) return;
    await this.#ledger.replace(key, this.#mark(state), held.tag);
  }

  #isFree({ state, at }: Mark): boolean {
    if (state !== "sending") return state === "failed";
    return (
      this.#clock.now().getTime() - Date.parse(at) >
      this.#clock.paced(LEASE_SECONDS, LEASE_FLOOR_MS)
    );
  }

  #mark(state: Mark["state"]): Mark {
    return { state, at: this.#clock.now().toISOString() };
  }
}
