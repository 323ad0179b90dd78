import { isIP } from "node:net";
import { connect, type PeerCertificate, type SecureVersion, type TLSSocket } from "node:tls";
import type { TlsSeen } from "../../lib/sla/tls.ts";
import { type Clock, FLOORS } from "../kernel/clock.ts";
import type { Handshakes, Patience } from "./prober.ts";
import { reasonOf } from "./reasons.ts";

/** What a server may still take beside what is agreed on; a look has no more than these two to find. */
const OUTDATED = ["TLSv1", "TLSv1.1"] as const satisfies readonly SecureVersion[];
/** By RSA's measure: NIST SP 800-57 part 1, table 2. */
const RSA_BITS: Readonly<Record<string, number>> = {
  prime256v1: 3072,
  "P-256": 3072,
  secp384r1: 7680,
  "P-384": 7680,
  secp521r1: 15_360,
  "P-521": 15_360,
};

/**
 * Shakes hands with the server of an https URL, three times at once: as a browser would, whatever its certificate is like, and by each protocol
 * that is out of date. Nothing is asked of it.
 */
export function tlsHandshakes(clock: Clock): Handshakes {
  return {
    async look(url, patience) {
      const { protocol, hostname = "", port } = URL.parse(url) ?? {};
      if (protocol !== "https:") return undefined;
      const host = hostname.replace(/^\[(.*)\]$/, "$1");
      const place = { host, port: Number(port || 443), waitMs: waitOf(patience, clock) };
      const [newest, ...old] = await Promise.all([
        shake(place, {}).then(seenOf).catch(failed),
        ...OUTDATED.map((version) =>
          shake(place, {
            minVersion: version,
            maxVersion: version,
            ciphers: "ALL:@SECLEVEL=0",
          }).then(
            () => [version],
            () => [],
          ),
        ),
      ]);
      const outdated = old.flat();
      if (!newest && outdated.length === 0) return undefined;
      return { ...newest, ...(outdated.length > 0 && { outdated }) };
    },
  };
}

/** Who does not answer, or hangs up, has shown nothing of its TLS. */
function failed(cause: unknown): Shown | undefined {
  const trouble = reasonOf(cause);
  return trouble.startsWith("no TLS") ? { trouble } : undefined;
}

const waitOf = ({ connectSeconds, answerSeconds }: Patience, clock: Clock) =>
  clock.paced(connectSeconds + answerSeconds, FLOORS.probeMs);

interface Place {
  readonly host: string;
  readonly port: number;
  readonly waitMs: number;
}

interface Protocols {
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  readonly ciphers?: string;
}

type Shown = Omit<TlsSeen, "vantage" | "at">;

/** Resolves when hands are shaken, to what is known of the connection, and closes it. */
function shake({ host, port, waitMs }: Place, protocols: Protocols): Promise<Shaken> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const named = isIP(host) === 0 ? { servername: host } : {};
  // Of a certificate that is not valid we want to know why, and trust it with nothing.
  const socket = connect({ host, port, rejectUnauthorized: false, ...named, ...protocols });
  const timer = setTimeout(() => reject(new Error("no handshake in time")), waitMs);
  socket.once("secureConnect", () => resolve(socket)).once("error", reject);
  return promise.then(shakenOf).finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}

interface Shaken {
  readonly protocol: string | null;
  readonly cipher: string;
  readonly certificate: PeerCertificate;
  readonly trouble: string | undefined;
}

const shakenOf = (socket: TLSSocket): Shaken => ({
  protocol: socket.getProtocol(),
  cipher: socket.getCipher().standardName,
  certificate: socket.getPeerCertificate(),
  trouble: socket.authorized ? undefined : reasonOf(failureOf(socket)),
});

/** Node gives the code itself, where its type says an error. */
function failureOf({ authorizationError: found }: TLSSocket): unknown {
  return typeof found === "string" ? { code: found } : found;
}

function seenOf({ protocol, cipher, certificate, trouble }: Shaken): Shown {
  const {
    valid_to: until,
    bits,
    asn1Curve,
    nistCurve,
  } = certificate as PeerCertificate & {
    readonly bits?: number;
    readonly asn1Curve?: string;
    readonly nistCurve?: string;
  };
  const strength = RSA_BITS[nistCurve ?? asn1Curve ?? ""] ?? bits;
  return {
    ...(protocol !== null && { protocol }),
    cipher,
    ...(until && { certificateEnds: new Date(until).toISOString() }),
    ...(strength !== undefined && { bits: strength }),
    ...(trouble !== undefined && { trouble }),
  };
}
