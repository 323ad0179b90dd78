import { certificateBound, daysLeft, type TlsSeen } from "../../lib/sla/tls.ts";
import type { Notice } from "../notify/contract.ts";

/** That an application's certificate ends soon: once for each bound that is passed, for each certificate. Undefined where it does not. */
export function certificateEnds(
  { id, url }: { readonly id: string; readonly url: string },
  seen: TlsSeen,
): Notice | undefined {
  const bound = certificateBound(seen);
  const { at, certificateEnds: ends = "" } = seen;
  if (bound === undefined) return undefined;
  const days = daysLeft(seen) ?? 0;
  const left = days < 0 ? "It has ended" : `${days === 1 ? "1 day is" : `${days} days are`} left`;
  return {
    kind: "certificate-ends",
    ...{ instance: id, at },
    incident: `certificate-${ends.slice(0, 10)}`,
    occasion: `below-${bound}`,
    lines: [
      `The certificate that ${new URL(url).host} shows ends ${ends}. ${left}.`,
      "Once it has ended browsers refuse the application, and every look calls it down.",
      "Whatever renews it has not: renew it where it is served, with its chain.",
      "Runbook: docs/runbook.md#certificate-ends",
    ],
  };
}
