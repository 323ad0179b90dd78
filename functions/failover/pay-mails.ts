import type { Clock } from "../kernel/clock.ts";
import { prefixes } from "../ledger/contract.ts";
import { keptReader } from "../ledger/fleet.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { NOTICES_AT_ONCE, type NotifyRequest, type Unsent } from "../notify/contract.ts";

/** Hands over, once more, what mails of this site have not left; resolves to how many. The rest waits a round. */
export function mailPayer(
  ledger: Ledger,
  post: { notify(request: NotifyRequest): Promise<void> },
  clock: Clock,
): () => Promise<number> {
  const kept = keptReader<Unsent>(ledger, prefixes.unsent);
  return async () => {
    const now = clock.now().toISOString();
    const unsent = (await kept()).filter(
      ({ state, from = "" }) => state === "unsent" && from <= now,
    );
    const oldest = unsent.toSorted((one, other) => (one.at < other.at ? -1 : 1));
    const notices = oldest.slice(0, NOTICES_AT_ONCE).map(({ notice }) => notice);
    if (notices.length > 0) await post.notify({ notices, again: true });
    return notices.length;
  };
}
