import { describe, expect, test } from "vitest";
import { type Findings, judge } from "../../../lib/drill/judge.ts";
import type { Outcome } from "../../../lib/drill/result.ts";

const MAIL = {
  at: "2026-11-21T20:00:00Z",
  to: "it@acme.example.ch",
  subject: "[sla] acme: failover done",
};

const GOOD: Findings = {
  expected: "failover",
  deadlineSeconds: 30,
  rpoLimitSeconds: 5,
  measured: {
    rtoSeconds: 7,
    rpoSeconds: 0,
    waitsSeconds: 4.75,
    undivided: { noticeSeconds: 225, ttlSeconds: 60 },
    overheadSeconds: 2.25,
    observedSeconds: 9,
  },
  writes: { acknowledged: 900, lost: 0, acknowledgedByOldPrimaryAfterPromotion: 0, ghosts: 0 },
  dns: { before: "acme-db", after: "acme-db-standby", flippedBy: "api", neighboursMoved: 0 },
  promoted: true,
  halt: null,
  haltsAt: [],
  recorded: true,
  mails: [MAIL],
  badVotes: 12,
  denials: [],
  transitions: 9,
  transitionsNotFromWatch: 0,
  bundles: [{ function: "sla-watch", sha256: "ab", equal: true }],
  without: [],
  debts: [],
  heldBack: 0,
};
const REPAID = { from: 0, paid: true, answers: 200, astray: [] };
const CAME_BACK: Findings = {
  ...GOOD,
  writes: { ...GOOD.writes, acknowledgedByOldPrimaryAfterPromotion: 7, divergentExported: 7 },
  comeback: { acknowledged: 7, outside: 0, exported: 7, paidMs: 900, roundMs: 1000 },
};
const back = (changes: Partial<NonNullable<Findings["comeback"]>>): Findings => ({
  ...CAME_BACK,
  comeback: { acknowledged: 7, outside: 0, exported: 7, paidMs: 900, roundMs: 1000, ...changes },
});
const UNMOVED: Findings = {
  ...GOOD,
  expected: "nothing",
  promoted: false,
  recorded: false,
  mails: [],
  dns: { before: "acme-db", after: "acme-db", flippedBy: null, neighboursMoved: 0 },
  measured: { ...GOOD.measured, rtoSeconds: null, overheadSeconds: null, observedSeconds: 31 },
};

const HALTED = {
  ...UNMOVED,
  expected: "halt",
  haltsAt: ["HaltBehind", "HaltNotStreaming"],
  halt: {
    code: "HaltBehind",
    command: "aws stepfunctions start-execution",
    mails: 2,
    rowsAtStake: 12,
  },
  mails: [MAIL],
} satisfies Findings;

const ok = (findings: Findings) => judge(findings).every((check) => check.ok);

describe("judge", () => {
  test.for<[string, Findings, boolean]>([
    ["a failover within its promise holds", GOOD, true],
    ["an RTO that equals the deadline is not under it", withMeasured({ rtoSeconds: 30 }), false],
    ["an RPO that equals the limit is not under it", withMeasured({ rpoSeconds: 5 }), false],
    ["no write ever again is no recovery", withMeasured({ rtoSeconds: null }), false],
    [
      "one row acknowledged by the old primary after the promotion breaks it",
      { ...GOOD, writes: { ...GOOD.writes, acknowledgedByOldPrimaryAfterPromotion: 1 } },
      false,
    ],
    [
      "a neighbour that moved breaks it",
      { ...GOOD, dns: { ...GOOD.dns, neighboursMoved: 1 } },
      false,
    ],
    ["a transition nobody's watch began breaks it", { ...GOOD, transitionsNotFromWatch: 1 }, false],
    ["a failover nobody was told of breaks it", { ...GOOD, mails: [] }, false],
    ["a workflow that recorded nothing breaks it", { ...GOOD, recorded: false }, false],
    ["a standby that was never promoted breaks it", { ...GOOD, promoted: false }, false],
    [
      "a bundle other than the synthesized one breaks it",
      { ...GOOD, bundles: [{ function: "sla-watch", sha256: "cd", equal: false }] },
      false,
    ],
    ["no bundle at all proves nothing", { ...GOOD, bundles: [] }, false],
    ["a failover that stops where it must holds", HALTED, true],
    ["one that stops elsewhere breaks it", { ...HALTED, haltsAt: ["HaltNotStreaming"] }, false],
    ["one that does not stop breaks it", { ...HALTED, halt: null }, false],
    [
      "a halt whose command nobody was told breaks it",
      { ...HALTED, halt: { ...HALTED.halt, mails: 0 } },
      false,
    ],
    [
      "a halt with nothing at stake proves nothing",
      { ...HALTED, halt: { ...HALTED.halt, rowsAtStake: 0 } },
      false,
    ],
    [
      "a halt after DNS has moved breaks it",
      { ...HALTED, dns: { ...HALTED.dns, after: "acme-db-standby" } },
      false,
    ],
    ["a flag that led over until the records did holds", { ...GOOD, repayment: REPAID }, true],
    ["records that stay owed break it", { ...GOOD, repayment: { ...REPAID, paid: false } }, false],
    [
      "one answer that led back breaks it",
      { ...GOOD, repayment: { ...REPAID, astray: ["acme-db"] } },
      false,
    ],
    ["nobody asking DNS proves nothing", { ...GOOD, repayment: { ...REPAID, answers: 0 } }, false],
    ["without SNS, mails that left later hold", { ...GOOD, without: ["sns"] }, true],
    ["a mail that never left breaks it", { ...GOOD, without: ["sns"], heldBack: 1 }, false],
    [
      "without S3 at home, a ledger that was never told breaks it",
      { ...GOOD, without: ["s3-home"], debts: ["debts/acme/roles-eu-central-2.json"] },
      false,
    ],
    [
      "without Route 53, records are owed and that holds",
      { ...GOOD, without: ["route53"], debts: ["debts/acme/records.json"] },
      true,
    ],
    ["a region that came back, was fenced and left no row unfound holds", CAME_BACK, true],
    ["a fence that was paid a round too late breaks it", back({ paidMs: 6001 }), false],
    ["a fence that was never paid breaks it", back({ paidMs: null }), false],
    ["a row taken outside its return and its fence breaks it", back({ outside: 1 }), false],
    ["a row that was not exported breaks it", back({ exported: 6 }), false],
    ["a quiet night that stays quiet holds", UNMOVED, true],
    [
      "a quiet night in which nobody saw the fault proves nothing",
      { ...UNMOVED, badVotes: 0 },
      false,
    ],
    ["an alarm in a quiet night breaks it", { ...UNMOVED, mails: [MAIL] }, false],
    ["an alert without mail breaks it", { ...UNMOVED, expected: "alert" }, false],
    [
      "an alert with mail and nothing else holds",
      { ...UNMOVED, expected: "alert", mails: [MAIL] },
      true,
    ],
    [
      "watching for less than the divided RTO proves nothing",
      { ...UNMOVED, measured: { ...UNMOVED.measured, observedSeconds: 29 } },
      false,
    ],
  ])("%s", ([, findings, expected]) => {
    expect(ok(findings)).toBe(expected);
  });

  test.for<Outcome>(["alert", "nothing", "halt"])(
    "a promotion where %s was expected breaks it",
    (expected) => {
      expect(
        ok({ ...HALTED, expected, mails: expected === "nothing" ? [] : [MAIL], promoted: true }),
      ).toBe(false);
    },
  );
});

function withMeasured(change: Partial<Findings["measured"]>): Findings {
  return { ...GOOD, measured: { ...GOOD.measured, ...change } };
}
