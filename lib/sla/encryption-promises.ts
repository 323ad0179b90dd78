import type { Finding, Sold } from "./check.ts";
import { CERTIFICATE_WARN_DAYS } from "./tls.ts";

const AT_REST = "at rest looked at once a day";

/** Looked at, both in transit and at rest. The application's server is somebody else's: nothing here configures it. */
export function encryptionPromises({ instance, plan: { encryption } }: Sold): readonly Finding[] {
  if (!encryption) return [];
  const { atRest, inTransit, grade, leastCertificateBits: bits } = encryption;
  const promised = [
    ...(atRest ? ["at rest"] : []),
    ...(inTransit ? ["in transit"] : []),
    ...(grade ? [`grade ${grade}`] : []),
    ...(bits ? [`${bits} bit`] : []),
  ].join(", ");
  const line = { promise: "encryption", promised, covers: "application" } as const;
  if (!inTransit) {
    const restsOn = "if its databases stay as they were made";
    return [{ ...line, covers: "database", status: "conditional", achievable: AT_REST, restsOn }];
  }
  const rest = atRest ? `; ${AT_REST}` : "";
  if (!instance.url.startsWith("https:")) {
    const change = "watch it by https: url of the instance; nothing is seen of its TLS";
    return [
      {
        ...{
          ...line,
          status: "conditional",
          restsOn: `if it is encrypted elsewhere${rest}`,
          change,
        },
        where: { of: "instance", path: ["url"] },
      },
    ];
  }
  const achievable = `two handshakes a day; mailed ${CERTIFICATE_WARN_DAYS} days before the certificate ends`;
  const restsOn = `if the application's server keeps to it${rest}`;
  return [{ ...line, status: "conditional", achievable, restsOn }];
}
