import type { Clock } from "../kernel/clock.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Notice, Unsent } from "./contract.ts";

/**
 * Notices of which some mail did not leave. Lambda repeats a request for three minutes, an outage of SNS
 * may last for hours: who pays debts hands over what is here, once a minute, until all of it has left.
 */
export class UnsentNotices {
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(ledger: Ledger, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  async keep(notice: Notice): Promise<void> {
    const held: Unsent = { state: "unsent", notice, at: this.#now() };
    const key = keyOf(notice);
    if (await this.#ledger.create(key, held)) return;
    const known = await this.#ledger.read<Unsent>(key);
    // Whoever replaced it meanwhile has tried too, and knows as much.
    if (known?.value.state === "sent") await this.#ledger.replace(key, held, known.tag);
  }

  /** All its mails have left, if any was ever kept. */
  async settle(notice: Notice): Promise<void> {
    const key = keyOf(notice);
    const known = await this.#ledger.read<Unsent>(key);
    if (known?.value.state !== "unsent") return;
    await this.#ledger.replace(
      key,
      { ...known.value, state: "sent", at: this.#now() } satisfies Unsent,
      known.tag,
    );
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}

const keyOf = ({ instance, incident, kind, occasion }: Notice) =>
  keys.unsent(instance, incident, occasion === undefined ? kind : `${kind}-${occasion}`);
