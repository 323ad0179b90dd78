import type { Span } from "./books/month.ts";
import { type TlsSeen, worseTls } from "./tls.ts";

/** What handshakes showed in a month. */
export interface TlsMonth {
  readonly worst: TlsSeen;
  /** UTC days with at least one. */
  readonly days: number;
}

/** Undefined where no handshake of the span is known. */
export function tlsMonth(
  seen: readonly TlsSeen[],
  { fromMs, toMs }: Pick<Span, "fromMs" | "toMs">,
): TlsMonth | undefined {
  const within = seen.filter(({ at }) => Date.parse(at) >= fromMs && Date.parse(at) < toMs);
  const worst = within.reduce<TlsSeen | undefined>(worseTls, undefined);
  return worst && { worst, days: new Set(within.map(({ at }) => at.slice(0, 10))).size };
}
