import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";

/** The certificate authority of one run: trusted by its functions and clients, by nobody else. */
export interface Authority {
  readonly caPem: string;
  /** A server certificate for DNS names and IP addresses; the first one is its subject. */
  issue(names: readonly string[], options?: { readonly days?: number }): Promise<Issued>;
}

export interface Issued {
  readonly certPem: string;
  readonly keyPem: string;
}

const KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;
/** Clocks of client and server are the same here; a minute covers rounding to seconds. */
const BACKDATED_MS = 60_000;
const AUTHORITY_DAYS = 30;
const SERVER_DAYS = 29;

export async function createAuthority(): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: "CN=hosting-sla local cloud",
    ...validFor(AUTHORITY_DAYS),
    signingAlgorithm: SIGNATURE,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    caPem: pem(root.toString("pem")),
    issue: (names, { days = SERVER_DAYS } = {}) => issue(root, keys.privateKey, names, days),
  };
}

async function issue(
  root: x509.X509Certificate,
  signingKey: webcrypto.CryptoKey,
  names: readonly string[],
  days: number,
): Promise<Issued> {
  const [subject] = names;
  if (subject === undefined)
    throw new RangeError("certificates: expected at least one name, got none");
  const keys = await crypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    // A common name holds 64 characters at most; clients read the alternative names anyway.
    subject: [{ CN: [subject.slice(0, 64)] }],
    issuer: root.subject,
    ...validFor(days),
    signingAlgorithm: SIGNATURE,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? "ip" : "dns", value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(root),
    ],
  });
  const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certPem: pem(certificate.toString("pem")),
    keyPem: pem(x509.PemConverter.encode(key, "PRIVATE KEY")),
  };
}

/** Negative days make a certificate that has expired that long ago. */
function validFor(days: number) {
  const now = Date.now();
  const end = now + days * DAY_MS;
  return {
    notBefore: new Date(Math.min(now, end - DAY_MS) - BACKDATED_MS),
    notAfter: new Date(end),
  };
}

/** Positive, as RFC 5280 asks: the first bit is 0. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return Buffer.from(bytes).toString("hex");
}

const pem = (text: string) => `${text.trim()}\n`;
