import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { prefixes } from "../ledger/contract.ts";
import { keptReader } from "../ledger/fleet.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { daysTo, type Outgoing } from "./contract.ts";
import { isStuck, STUCK_SECONDS, untakenOf } from "./stuck.ts";

/** What lies in a ledger for webhooks, of the last days. */
export interface Outbox {
  recent(webhook: string): Promise<readonly Outgoing[]>;
}

/** Reads again only what has changed. */
export function outbox(ledger: Ledger, clock: Clock): Outbox {
  let readers = new Map<string, () => Promise<readonly Outgoing[]>>();
  return {
    async recent(webhook) {
      const wanted = daysTo(clock.now().getTime()).map((day) => prefixes.hooks(webhook, day));
      const reading = wanted.map((prefix) => {
        const reader = readers.get(prefix) ?? keptReader<Outgoing>(ledger, prefix);
        readers.set(prefix, reader);
        return reader();
      });
      // Of days that are over nobody asks again.
      readers = new Map([...readers].filter(([prefix]) => !isBefore(prefix, webhook, wanted)));
      return (await Promise.all(reading)).flat();
    },
  };
}

const isBefore = (prefix: string, webhook: string, wanted: readonly string[]) =>
  prefix.startsWith(prefixes.hooks(webhook)) && !wanted.includes(prefix);

/** Throws `WebhooksStuck`, which an alarm counts: events were given up, or wait for longer than a receiver is restarted. */
export async function noneStuck(
  { provider: { webhooks = [] } }: Fleet,
  box: Outbox,
  clock: Clock,
): Promise<void> {
  const lateBefore = clock.now().getTime() - clock.paced(STUCK_SECONDS);
  const found = await Promise.all(
    webhooks.map(async ({ name }) => {
      const untaken = untakenOf(await box.recent(name), lateBefore);
      if (!isStuck(untaken)) return [];
      const { late, givenUp, last } = untaken;
      return [`${name}: ${late} wait, ${givenUp} given up: ${last?.said ?? "not tried"}`];
    }),
  );
  const words = found.flat();
  if (words.length > 0) throw new SlaError("WebhooksStuck", "operator", words.join("; "));
}
