import { type Finding, findingsOf } from "./finding.ts";

/** Protocol versions that are asked for one by one, oldest first. */
export const VERSIONS = ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;
export type Version = (typeof VERSIONS)[number];

/** Families of cipher suites below TLS 1.3, asked for one by one. */
export const FAMILIES = [
  "NULL",
  "anonymous",
  "EXPORT",
  "DES",
  "RC4",
  "3DES",
  "static RSA",
  "CBC with forward secrecy",
  "AEAD with forward secrecy",
] as const;
export type Family = (typeof FAMILIES)[number];

/** What a server takes; absent: it did not say. */
export interface TlsScan {
  readonly versions: Readonly<Partial<Record<Version, boolean>>>;
  readonly families: Readonly<Partial<Record<Family, boolean>>>;
  /** Of its certificate: by RSA's measure. */
  readonly bits?: number;
  /** Why its chain is not valid for the name. */
  readonly trouble?: string;
}

const GRADES = ["A", "B", "C", "F", "T"] as const;
export type Grade = (typeof GRADES)[number];

interface Cap {
  readonly grade: Grade;
  readonly because: string;
}

/**
 * As the SSL Server Rating Guide of SSL Labs caps grades, version 2009q (https://github.com/ssllabs/research/wiki/SSL-Server-Rating-Guide), as far
 * as these looks reach: no vulnerabilities of implementations, no HSTS. Undefined: nothing was taken at all.
 */
export function gradeOf(scan: TlsScan): { grade: Grade; because: readonly string[] } | undefined {
  if (!Object.values(scan.versions).includes(true)) return undefined;
  const caps = capsOf(scan);
  const worst = caps.map(({ grade }) => GRADES.indexOf(grade));
  const grade = GRADES[Math.max(0, ...worst)] ?? "A";
  return { grade, because: caps.map((cap) => cap.because) };
}

function capsOf({ versions, families, bits, trouble }: TlsScan): readonly Cap[] {
  const takes = (family: Family) => families[family] === true;
  const isModern = versions["TLSv1.3"] === true;
  const secrecy = takes("AEAD with forward secrecy") || takes("CBC with forward secrecy");
  const cap = (applies: boolean, grade: Grade, because: string): readonly Cap[] =>
    applies ? [{ grade, because }] : [];
  return [
    ...cap(trouble !== undefined, "T", `its certificate is not valid: ${trouble}`),
    ...(["NULL", "anonymous", "EXPORT", "DES"] as const).flatMap((family) =>
      cap(takes(family), "F", `takes ${family} ciphers, which hide nothing`),
    ),
    ...cap(bits !== undefined && bits < 1024, "F", `its key has ${bits} bits`),
    ...cap(versions.SSLv3 === true, "C", "takes SSLv3"),
    ...cap(takes("RC4"), "C", "takes RC4"),
    ...cap(takes("3DES"), "C", "takes 3DES"),
    ...cap(!isModern && versions["TLSv1.2"] === false, "C", "takes no TLS 1.2"),
    ...(["TLSv1", "TLSv1.1"] as const).flatMap((version) =>
      cap(versions[version] === true, "B", `takes ${version}`),
    ),
    ...cap(!isModern && !secrecy, "B", "has no forward secrecy"),
    ...cap(!isModern && !takes("AEAD with forward secrecy"), "B", "has no AEAD ciphers"),
    ...cap(bits !== undefined && bits >= 1024 && bits < 2048, "B", `its key has ${bits} bits`),
  ];
}

/** `sold`: the grade that a plan promises. A grade below A is a risk where none is sold. */
export function judgeTls(
  about: string,
  scan: TlsScan,
  sold: { readonly grade?: "A"; readonly bits?: number },
): readonly Finding[] {
  const { broken, risk } = findingsOf({ area: "TLS", about });
  const found = gradeOf(scan);
  if (!found) return [risk({ of: "handshake", says: "shakes hands with nobody" })];
  const { grade, because } = found;
  const isShort = sold.bits !== undefined && scan.bits !== undefined && scan.bits < sold.bits;
  const bits = `its key has ${scan.bits} bits, sold are ${sold.bits}`;
  const weak = isShort
    ? [broken({ of: "key", says: bits, mend: "renew it with a longer key" })]
    : [];
  if (grade === "A") return weak;
  const says = `TLS grade ${grade}: ${because.join(", ")}`;
  const mend = "change the TLS policy of its load balancer, or of what ends TLS before it";
  const say = sold.grade !== undefined || grade === "T" ? broken : risk;
  return [...weak, say({ of: `grade ${grade}`, says, mend })];
}
