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
    incident: incidentOf(ends),
    occasion: `below-${bound}`,
    lines: [
      `The certificate that ${new URL(url).host} shows ends ${ends}. ${left}.`,
      "Once it has ended browsers refuse the application, and every look calls it down.",
      "Whatever renews it has not: renew it where it is served, with its chain.",
      "Runbook: docs/runbook.md#certificate-ends",
    ],
  };
}

/** Named after the certificate that ended soon, so that it is told once for each. */
const incidentOf = (ends: string) => `certificate-${ends.slice(0, 10)}`;

/** That one is there now which lasts; `before` is when that which was told of ends. */
export const certificateWell = (
  { id, url }: { readonly id: string; readonly url: string },
  seen: TlsSeen,
  before: string,
): Notice => ({
  kind: "certificate-well",
  ...{ instance: id, at: seen.at, incident: incidentOf(before) },
  lines: [
    `The certificate that ${new URL(url).host} shows ends ${seen.certificateEnds}: ${daysLeft(seen)} days are left.`,
    `Of the one that ends ${before} you hear no more.`,
    "Nothing has to be done.",
  ],
});

/** That nobody looks any more at one of which it was told that it ends soon. */
export const certificateUnwatched = (
  { instance, ends }: { readonly instance: string; readonly ends: string },
  at: string,
): Notice => ({
  ...{ kind: "certificate-well", instance, at, incident: incidentOf(ends) },
  lines: [
    `Nobody looks at its certificate any more, which ends ${ends}: the instance has left, or its url is no https.`,
    "You hear no more of it.",
    "Nothing has to be done.",
  ],
});
