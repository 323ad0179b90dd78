import { type LookupAddress, lookup as lookUp } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** https://www.iana.org/assignments/iana-ipv4-special-registry, multicast and what is reserved. */
const NOT_PUBLIC_4: readonly (readonly [net: string, bits: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];
/** Of IPv6 only what is handed out is public, without what leads to IPv4 by another way. */
const NOT_PUBLIC_6: readonly (readonly [net: string, bits: number])[] = [
  ["::", 3],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
  ["4000::", 2],
  ["8000::", 1],
];

/** A list each: in one of both an address of IPv4 would be looked up as one of IPv6, too. */
const blocked4 = new BlockList();
const blocked6 = new BlockList();
for (const [net, bits] of NOT_PUBLIC_4) blocked4.addSubnet(net, bits, "ipv4");
for (const [net, bits] of NOT_PUBLIC_6) blocked6.addSubnet(net, bits, "ipv6");

/** Which addresses may be sent to. */
export interface Reach {
  readonly name: "public" | "loopback";
  allows(address: string): boolean;
}

/** On AWS: whoever names an address in a fleet file must not make a function of ours talk to what only AWS's own network reaches. */
export const PUBLIC: Reach = {
  name: "public",
  allows(address) {
    const version = isIP(address);
    // No list knows an address with a zone; it is one of this machine's links.
    if (version === 0 || address.includes("%")) return false;
    return version === 4 ? !blocked4.check(address, "ipv4") : !blocked6.check(address, "ipv6");
  },
};

/** On the local cloud: nothing leaves the machine. */
export const LOOPBACK: Reach = {
  name: "loopback",
  allows: (address) => address === "::1" || (isIP(address) === 4 && address.startsWith("127.")),
};

/** Why an address is not sent to. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

/** Throws `Unreachable` for a host that is written as an address and must not be reached: nobody looks that up. */
export function checkLiteral({ hostname }: URL, reach: Reach): void {
  const address = hostname.replace(/^\[|\]$/g, "");
  if (isIP(address) === 0 || reach.allows(address)) return;
  throw new Unreachable(`${address} is no ${reach.name} address`);
}

/** Looks a name up and lets through only what may be reached; the connection is made to exactly that. One wrong address refuses all. */
export const guardedLookup =
  (reach: Reach): LookupFunction =>
  (hostname, options, answer) => {
    lookUp(hostname, { ...options, all: true }, (error, found) => {
      const failure = error ?? refusalOf(hostname, found, reach);
      if (failure) answer(failure, "");
      else handOver(found, options.all === true, answer);
    });
  };

function handOver(
  found: readonly LookupAddress[],
  all: boolean,
  answer: Parameters<LookupFunction>[2],
): void {
  const [first = { address: "", family: 0 }] = found;
  if (all) answer(null, [...found]);
  else answer(null, first.address, first.family);
}

function refusalOf(
  hostname: string,
  found: readonly LookupAddress[],
  reach: Reach,
): Unreachable | null {
  if (found.length === 0) return new Unreachable(`${hostname} has no address`);
  const wrong = found.find(({ address }) => !reach.allows(address));
  if (!wrong) return null;
  return new Unreachable(`${hostname} is ${wrong.address}, which is no ${reach.name} address`);
}

/** On AWS nobody names another endpoint; the local cloud is one on a loopback address. */
export function reachFrom(endpoint: string | undefined): Reach {
  if (endpoint === undefined || !URL.canParse(endpoint)) return PUBLIC;
  return LOOPBACK.allows(new URL(endpoint).hostname) ? LOOPBACK : PUBLIC;
}
