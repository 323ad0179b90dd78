import type { Plan } from "./plan.ts";
import { hashOf } from "./shards.ts";

/** What a handshake with an application's endpoint showed; names of protocols and ciphers are OpenSSL's. */
export interface TlsSeen {
  /** Region it was made from. */
  readonly vantage: string;
  /** ISO 8601. */
  readonly at: string;
  /** Agreed on by the newest that both speak; absent: no handshake came about, `trouble` says why. */
  readonly protocol?: string;
  readonly cipher?: string;
  /** Of the server's certificate: ISO 8601, and its key's length by RSA's measure. */
  readonly certificateEnds?: string;
  readonly bits?: number;
  /** Why the chain is not valid for the name. */
  readonly trouble?: string;
  /** Protocols below TLS 1.2 that it takes as well. */
  readonly outdated?: readonly string[];
}

/** A certificate that ends sooner is told. */
export const CERTIFICATE_WARN_DAYS = 14;
/** Told once for each of them that is passed. */
const BOUNDS = [3, 7, CERTIFICATE_WARN_DAYS] as const;

/** Twice a day, so that one look that comes to nothing costs no day. */
const LOOKS_A_DAY = 2;
const DAY_SECONDS = 86_400;

/** The bound in days that is passed at an instant; undefined where the certificate lasts longer, or nobody saw one. */
export function certificateBound(seen: TlsSeen): number | undefined {
  const days = daysLeft(seen);
  return days === undefined ? undefined : BOUNDS.find((bound) => days < bound);
}

/** That one was seen which is valid, for the name too, and ends no sooner than people want to hear of. */
export const certificateLasts = (seen: TlsSeen): boolean =>
  seen.trouble === undefined &&
  daysLeft(seen) !== undefined &&
  certificateBound(seen) === undefined;

/** Days from the look until the certificate ends, begun ones not counted; below 0 once it has. */
export function daysLeft({ at, certificateEnds }: TlsSeen): number | undefined {
  if (certificateEnds === undefined) return undefined;
  return Math.floor((Date.parse(certificateEnds) - Date.parse(at)) / (DAY_SECONDS * 1000));
}

interface Slot {
  readonly atMs: number;
  /** Until the instance is looked at again. */
  readonly everyMs: number;
  /** How long a day lasts here. */
  readonly dayMs: number;
}

/** From which vantage a look shakes hands as well; each in turn. Undefined at most looks. */
export function tlsVantage(
  instance: string,
  vantages: readonly string[],
  { atMs, everyMs, dayMs }: Slot,
): string | undefined {
  const period = dayMs / LOOKS_A_DAY;
  const offset = (hashOf(instance) / 2 ** 32) * period;
  const turn = Math.ceil((atMs - offset) / period);
  const isDue = offset + turn * period < atMs + everyMs;
  return isDue
    ? vantages[((turn % vantages.length) + vantages.length) % vantages.length]
    : undefined;
}

/** The graver of two, whichever is named first. */
export function worseTls(one: TlsSeen | undefined, other: TlsSeen): TlsSeen {
  if (!one) return other;
  const [a, b] = [rankOf(one), rankOf(other)];
  const index = a.findIndex((each, place) => each !== b[place]);
  if (index < 0) return one;
  return (a[index] ?? "") > (b[index] ?? "") ? one : other;
}

/** Compared part by part, the greater is the graver; texts decide what nothing else does. */
const rankOf = (seen: TlsSeen): readonly (string | number)[] => [
  Number(seen.trouble !== undefined),
  seen.outdated?.length ?? 0,
  Number(isOld(seen)),
  -(daysLeft(seen) ?? 0),
  JSON.stringify(seen),
];

const isOld = ({ protocol }: TlsSeen) => protocol !== "TLSv1.2" && protocol !== "TLSv1.3";

/** Whether what was seen contradicts what was sold of encryption in transit. */
export function isTlsBroken(
  { trouble, outdated = [], ...seen }: TlsSeen,
  { grade, leastCertificateBits: bits }: NonNullable<Plan["encryption"]>,
): boolean {
  if (trouble !== undefined || isOld({ ...seen })) return true;
  if (grade === "A" && outdated.length > 0) return true;
  return bits !== undefined && seen.bits !== undefined && seen.bits < bits;
}
