import type { Clock } from "../kernel/clock.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { SealedDays } from "./contract.ts";

/** Of a sealed day, as the books count it. */
export interface SealedDay {
  readonly downMs: number;
  readonly unseenMs: number;
}

/** Of one instance; undefined for a day that is not sealed, or not summed up yet. */
export type SealedOf = (date: string, spanMs: number) => SealedDay | undefined;

const MINUTE_MS = 60_000;

/** Sums that were made for the calendar of another zone say nothing. */
export function sealedOf(
  sealed: SealedDays | undefined,
  timezone: string,
  instance: string,
): SealedOf {
  if (!sealed || sealed.timezone !== timezone) return () => undefined;
  const { first, last, instances } = sealed;
  const known = Object.hasOwn(instances, instance) ? instances[instance] : undefined;
  return (date, spanMs) => {
    if (date < first || date > last) return undefined;
    if (!known) return { downMs: 0, unseenMs: spanMs };
    const [down, unseen] = known[date] ?? [0, 0];
    return { downMs: down * MINUTE_MS, unseenMs: unseen * MINUTE_MS };
  };
}

/** They change once a day. */
const BELIEVED_SECONDS = 900;

/** Reads them from control's ledger, not at every look. Rejects if that does not answer. */
export function sealedDaysReader(
  ledger: Pick<Ledger, "read">,
  clock: Clock,
): () => Promise<SealedDays | undefined> {
  let known: { readonly at: number; readonly days: SealedDays | undefined } | undefined;
  return async () => {
    const nowMs = clock.now().getTime();
    if (!known || nowMs - known.at >= clock.paced(BELIEVED_SECONDS)) {
      known = { at: nowMs, days: (await ledger.read<SealedDays>(keys.statusDays()))?.value };
    }
    return known.days;
  };
}
