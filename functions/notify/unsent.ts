import type { Clock } from "../kernel/clock.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import { keptReader } from "../ledger/fleet.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Notice, Unsent } from "./contract.ts";

/**
 * Notices of which some mail did not leave. Lambda repeats a request for three minutes, an outage of SNS
 * may last for hours: who pays debts hands over what is here, once a minute, until all of it has left.
 */
export class UnsentNotices {
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #kept: () => Promise<readonly Unsent[]>;

  constructor(ledger: Ledger, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#kept = keptReader<Unsent>(ledger, prefixes.unsent);
  }

  /** @param from ISO 8601: until then somebody is about to send it, and nobody else hands it over. */
  async keep(notice: Notice, from?: string): Promise<void> {
    const at = this.#now();
    const held: Unsent = { state: "unsent", notice, at, ...(from !== undefined && { from }) };
    const key = keyOf(notice);
    if (await this.#ledger.create(key, held)) return;
    const known = await this.#ledger.read<Unsent>(key);
    // Whoever replaced it meanwhile has tried too, and knows as much.
    if (known?.value.state === "sent") await this.#ledger.replace(key, held, known.tag);
  }

  /** What is held back until an instant between these, in milliseconds since 1970. */
  async heldUntil(firstMs: number, lastMs: number): Promise<readonly Notice[]> {
    const isMeant = ({ state, from = "" }: Unsent) =>
      state === "unsent" && Date.parse(from) >= firstMs && Date.parse(from) <= lastMs;
    return (await this.#kept()).filter(isMeant).map(({ notice }) => notice);
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
