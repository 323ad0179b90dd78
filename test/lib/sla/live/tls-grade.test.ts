import { describe, expect, it } from "vitest";
import { gradeOf, judgeTls, type TlsScan } from "../../../../lib/sla/live/tls-grade.ts";

const NONE = {
  NULL: false,
  anonymous: false,
  EXPORT: false,
  DES: false,
  RC4: false,
  "3DES": false,
  "static RSA": false,
  "CBC with forward secrecy": false,
  "AEAD with forward secrecy": true,
} as const;

const GOOD: TlsScan = {
  versions: { SSLv3: false, TLSv1: false, "TLSv1.1": false, "TLSv1.2": true, "TLSv1.3": true },
  families: NONE,
  bits: 2048,
};

const versions = (change: TlsScan["versions"]): TlsScan => ({
  ...GOOD,
  versions: { ...GOOD.versions, ...change },
});
const families = (change: TlsScan["families"], scan = GOOD): TlsScan => ({
  ...scan,
  families: { ...scan.families, ...change },
});
const OLD = versions({ "TLSv1.3": false });

describe("a grade", () => {
  it.each([
    ["today's protocols and ciphers", GOOD, "A", ""],
    ["TLS 1.2 alone, with forward secrecy", OLD, "A", ""],
    ["ciphers without forward secrecy beside good ones", families({ "static RSA": true }), "A", ""],
    ["an unknown answer", versions({ SSLv3: undefined as never }), "A", ""],
    ["TLS 1.0 beside", versions({ TLSv1: true }), "B", "takes TLSv1"],
    ["TLS 1.1 beside", versions({ "TLSv1.1": true }), "B", "takes TLSv1.1"],
    [
      "static RSA only",
      families({ "AEAD with forward secrecy": false, "static RSA": true }, OLD),
      "B",
      "has no forward secrecy, has no AEAD ciphers",
    ],
    [
      "CBC only",
      families({ "AEAD with forward secrecy": false, "CBC with forward secrecy": true }, OLD),
      "B",
      "has no AEAD ciphers",
    ],
    ["a short key", { ...GOOD, bits: 1024 }, "B", "its key has 1024 bits"],
    ["3DES", families({ "3DES": true }), "C", "takes 3DES"],
    ["RC4", families({ RC4: true }), "C", "takes RC4"],
    ["SSLv3", versions({ SSLv3: true }), "C", "takes SSLv3"],
    [
      "nothing newer than TLS 1.1",
      versions({ "TLSv1.1": true, "TLSv1.2": false, "TLSv1.3": false }),
      "C",
      "takes no TLS 1.2, takes TLSv1.1",
    ],
    ["no encryption", families({ NULL: true }), "F", "takes NULL ciphers, which hide nothing"],
    [
      "nobody's key",
      families({ anonymous: true }),
      "F",
      "takes anonymous ciphers, which hide nothing",
    ],
    ["a tiny key", { ...GOOD, bits: 512 }, "F", "its key has 512 bits"],
    [
      "a wrong name",
      { ...GOOD, trouble: "wrong name" },
      "T",
      "its certificate is not valid: wrong name",
    ],
  ] as const)("for %s", (_what, scan, grade, because) => {
    expect(gradeOf(scan)).toEqual({ grade, because: because === "" ? [] : expect.any(Array) });
    expect(gradeOf(scan)?.because.join(", ")).toBe(because);
  });

  it("is none where nobody shakes hands", () => {
    expect(gradeOf({ versions: { TLSv1: false }, families: {} })).toBe(undefined);
  });
});

describe("a finding", () => {
  const found = (scan: TlsScan, sold: Parameters<typeof judgeTls>[2]) =>
    judgeTls("https://x.example", scan, sold).map(({ weight, says }) => `${weight}: ${says}`);

  it("is none for what is good enough", () => {
    expect(found(GOOD, { grade: "A", bits: 2048 })).toEqual([]);
  });
  it("breaks a promise only where a grade was sold", () => {
    const scan = versions({ TLSv1: true });
    expect(found(scan, { grade: "A" })).toEqual(["broken: TLS grade B: takes TLSv1"]);
    expect(found(scan, {})).toEqual(["risk: TLS grade B: takes TLSv1"]);
  });
  it("breaks one for everybody where nobody can trust the certificate", () => {
    expect(found({ ...GOOD, trouble: "it has ended" }, {})).toEqual([
      "broken: TLS grade T: its certificate is not valid: it has ended",
    ]);
  });
  it("names a key that is shorter than sold", () => {
    expect(found(GOOD, { bits: 4096 })).toEqual(["broken: its key has 2048 bits, sold are 4096"]);
  });
  it("tells of a server with which no hands can be shaken", () => {
    expect(found({ versions: {}, families: {} }, {})).toEqual(["risk: shakes hands with nobody"]);
  });
});
