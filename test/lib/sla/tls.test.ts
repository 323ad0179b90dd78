import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { encryptionKept, repliesKept } from "../../../lib/sla/service-kept.ts";
import {
  certificateBound,
  isTlsBroken,
  type TlsSeen,
  tlsVantage,
  worseTls,
} from "../../../lib/sla/tls.ts";
import { tlsMonth } from "../../../lib/sla/tls-month.ts";

const AT = "2026-11-20T10:00:00.000Z";
const SOUND: TlsSeen = {
  ...{ vantage: "eu-west-1", at: AT, protocol: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256" },
  ...{ certificateEnds: "2027-01-20T00:00:00.000Z", bits: 3072 },
};
const days = (count: number) => new Date(Date.parse(AT) + (count + 0.5) * 86_400_000).toISOString();

const DAY = 86_400_000;
const VANTAGES = ["a", "b", "c"];

describe("handshakes", () => {
  it("are made twice a day from each in turn, whatever the cadence and the pace", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.constantFrom(15, 60, 300, 3600),
        fc.constantFrom(1, 60),
        (id, everySeconds, pace) => {
          const [dayMs, everyMs] = [DAY / pace, (everySeconds * 1000) / pace];
          const slots = Array.from({ length: (3 * 86_400) / everySeconds }, (_, n) => n * everyMs);
          const from = slots.flatMap(
            (atMs) => tlsVantage(id, VANTAGES, { atMs, everyMs, dayMs }) ?? [],
          );
          expect(from).toHaveLength(6);
          expect(new Set(from).size).toBe(3);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("have one worst, in whatever order they are told", () => {
    const seen = fc.record(
      {
        ...{ vantage: fc.constantFrom("a", "b"), at: fc.constant(AT) },
        protocol: fc.constantFrom("TLSv1.1", "TLSv1.2", "TLSv1.3"),
        certificateEnds: fc.constantFrom(days(1), days(40)),
        trouble: fc.constant("certificate expired"),
        outdated: fc.constantFrom(["TLSv1"], ["TLSv1", "TLSv1.1"]),
      },
      { requiredKeys: ["vantage", "at"] },
    );
    fc.assert(
      fc.property(fc.array(seen, { minLength: 1 }), (all) => {
        const worst = (them: readonly TlsSeen[]) =>
          them.reduce<TlsSeen | undefined>((one, other) => worseTls(one, other), undefined);
        expect(worst(all.toReversed())).toEqual(worst(all));
      }),
    );
  });

  test.for([
    [14, undefined],
    [13, 14],
    [7, 14],
    [6, 7],
    [2, 3],
    [-3, 3],
  ] as const)("with %i days left pass the bound %s", ([left, bound]) => {
    expect(certificateBound({ ...SOUND, certificateEnds: days(left) })).toBe(bound);
  });
});

describe("encryption in transit", () => {
  const A = { inTransit: true, grade: "A", leastCertificateBits: 2048 } as const;
  const PLAIN = { inTransit: true } as const;

  test.for<[string, Partial<TlsSeen>, boolean, boolean]>([
    ["a sound server", {}, false, false],
    ["TLS 1.2", { protocol: "TLSv1.2" }, false, false],
    ["an old protocol besides", { outdated: ["TLSv1.1"] }, true, false],
    ["a certificate that is not valid", { trouble: "certificate expired" }, true, true],
    ["a short key", { bits: 1024 }, true, false],
  ])("of %s", ([, change, breaksA, breaksPlain]) => {
    expect(isTlsBroken({ ...SOUND, ...change }, A)).toBe(breaksA);
    expect(isTlsBroken({ ...SOUND, ...change }, PLAIN)).toBe(breaksPlain);
  });

  it("is judged by the worst of the month, and not shown without a handshake", () => {
    const span = { fromMs: Date.parse(AT) - DAY, toMs: Date.parse(AT) + DAY };
    const later = { ...SOUND, at: "2026-11-21T09:00:00.000Z", outdated: ["TLSv1"] };
    const beyond = { ...SOUND, at: "2026-11-22T09:00:00.000Z", trouble: "certificate expired" };
    const tls = tlsMonth([SOUND, later, beyond], span);
    expect(tls).toEqual({ worst: later, days: 2 });
    const of = (judged: object) => encryptionKept({ encryption: A } as never, judged as never)[0];
    expect(of({ tls })).toMatchObject({
      status: "broken",
      measured: { text: "TLSv1.3 TLS_AES_128_GCM_SHA256, + TLSv1", days: 59 },
      evidence: ["rounds/2026-11-21/"],
    });
    expect(of({})).toMatchObject({ status: "not-shown", measured: null });
  });
});

describe("first replies", () => {
  const support = { replies: [{}] };
  const of = (found: object) => repliesKept({ support } as never, { support: found } as never)[0];

  test.for([
    [{ inTime: 3, missed: 0, waiting: 0 }, "kept"],
    [{ inTime: 3, missed: 1, waiting: 1 }, "broken"],
    [{ inTime: 3, missed: 0, waiting: 1 }, "not-shown"],
    [{ inTime: 0, missed: 0, waiting: 0 }, "no-case"],
  ] as const)("of %o are %s", ([found, status]) => {
    expect(of(found)?.status).toBe(status);
  });
});
