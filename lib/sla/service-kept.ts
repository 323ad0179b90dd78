import { type Amount, type Judged, keptIf, type PromiseKept } from "./kept.ts";
import type { Plan } from "./plan.ts";
import { daysLeft, isTlsBroken, type TlsSeen } from "./tls.ts";

/** In transit: the gravest handshake of the month against what was sold. A day without one proves nothing of that day. */
export function encryptionKept({ encryption }: Plan, { tls }: Judged): readonly PromiseKept[] {
  if (!encryption?.inTransit) return [];
  const { grade, leastCertificateBits: bits } = encryption;
  const sold = ["TLS", ...(grade ? [grade] : []), ...(bits ? [`${bits} bit`] : [])].join(", ");
  const promised = { promise: "encryption", sold: { unit: "tls", text: sold } } as const;
  if (!tls) return [{ ...promised, measured: null, status: "not-shown", evidence: [] }];
  return [
    {
      ...promised,
      measured: shown(tls.worst),
      status: keptIf(!isTlsBroken(tls.worst, encryption)),
      evidence: [`rounds/${tls.worst.at.slice(0, 10)}/`],
    },
  ];
}

function shown(seen: TlsSeen): Amount {
  const { protocol, cipher, outdated = [], trouble } = seen;
  const spoken = protocol === undefined ? [] : [`${protocol} ${cipher ?? ""}`.trim()];
  const parts = [...spoken, ...outdated.map((old) => `+ ${old}`), ...(trouble ? [trouble] : [])];
  const days = daysLeft(seen);
  return { unit: "tls", text: parts.join(", "), ...(days !== undefined && { days }) };
}

/** First replies to the tickets of the month. What is not due yet decides nothing, what was withdrawn never will. */
export function repliesKept({ support }: Plan, judged: Judged): readonly PromiseKept[] {
  if (!support?.replies?.length) return [];
  const { inTime = 0, missed = 0, waiting = 0 } = judged.support ?? {};
  const due = inTime + missed;
  const isOpen = missed === 0 && waiting > 0;
  const quiet = isOpen ? "not-shown" : "no-case";
  return [
    {
      promise: "replies",
      sold: { unit: "replies", inTime: due, of: due },
      measured: due === 0 ? null : { unit: "replies", inTime, of: due },
      status: due === 0 || isOpen ? quiet : keptIf(missed === 0),
      evidence: due + waiting === 0 ? [] : ["tickets/"],
    },
  ];
}
