import type { AbsenceKind } from "./absences.ts";
import type { Divergent } from "./comeback.ts";
import { failbackChecks } from "./failback.ts";
import { recoveryChecks } from "./recovery-checks.ts";
import type { Repayment } from "./repay.ts";
import type {
  BundleProof,
  Check,
  DnsOutcome,
  Failback,
  Halt,
  Mail,
  Measured,
  Outcome,
  Recovery,
  Writes,
} from "./result.ts";

/** Everything a verdict stands on; durations in real seconds, promises already divided by the pace. */
export interface Findings {
  readonly expected: Outcome;
  readonly deadlineSeconds: number | null;
  readonly rpoLimitSeconds: number | null;
  readonly measured: Measured;
  readonly writes: Writes;
  readonly dns: DnsOutcome;
  readonly promoted: boolean;
  readonly halt: Halt | null;
  /** Gates at which the fault lets the failover stop, by halt code. */
  readonly haltsAt: readonly string[];
  readonly recorded: boolean;
  /** Present where the lost region came back: what its old primary did then. Milliseconds. */
  readonly comeback?:
    | (Divergent & { readonly paidMs: number | null; readonly roundMs: number })
    | undefined;
  /** Present where a STOP flag moved DNS. */
  readonly repayment?: Repayment | undefined;
  readonly mails: readonly Mail[];
  /** How often a vantage found the victim bad after the fault. */
  readonly badVotes: number;
  readonly transitions: number;
  readonly transitionsNotFromWatch: number;
  readonly bundles: readonly BundleProof[];
  /** What a role asked for and was refused, from the beginning of the run. */
  readonly denials: readonly string[];
  /** What hung while it lasted. */
  readonly without: readonly AbsenceKind[];
  /** Debts of the victim and mails of anybody that were still owed at the end. */
  readonly debts: readonly string[];
  readonly heldBack: number;
  /** Present where a person moved the instance back home. */
  readonly failback?: Failback | undefined;
  /** Present where a person had to bring it back from what was kept. */
  readonly recovery?: Recovery | undefined;
}

type Rule = (findings: Findings) => Check;

const check = (name: string, ok: boolean, found: string): Check => ({ name, ok, found });
const seconds = (value: number | null) => (value === null ? "never" : `${value.toFixed(2)} s`);
const under = (value: number | null, limit: number | null) =>
  limit === null || (value !== null && value < limit);

/** A round of a payer is divided by the pace, its work is not. */
const PAYING_MS = 5000;

/** A region that comes back by itself is the one exception: until its fence is paid it takes writes. */
const OLD_PRIMARY: Rule = ({ comeback, writes }) => {
  const { acknowledgedByOldPrimaryAfterPromotion: count } = writes;
  return comeback
    ? check(
        "the old primary acknowledged only between its return and the paid fence",
        comeback.outside === 0,
        `${count} rows, ${comeback.outside} outside`,
      )
    : check(
        "the old primary acknowledged nothing after the promotion",
        count === 0,
        `${count} rows`,
      );
};

/** Only where the lost region came back. */
const CAME_BACK: readonly ((comeback: NonNullable<Findings["comeback"]>) => Check)[] = [
  ({ paidMs, roundMs }) =>
    check(
      `the fence was paid within a round (${seconds(roundMs / 1000)}) and ${PAYING_MS / 1000} s of work`,
      paidMs !== null && paidMs <= roundMs + PAYING_MS,
      seconds(paidMs === null ? null : paidMs / 1000),
    ),
  ({ acknowledged, exported }) =>
    check(
      "every row it took meanwhile was found and exported",
      exported === acknowledged,
      `${exported} of ${acknowledged}`,
    ),
];

/** Hold for every fault, whatever it should lead to. */
const ALWAYS: readonly Rule[] = [
  OLD_PRIMARY,
  ({ dns: { neighboursMoved: count } }) =>
    check("no neighbour's DNS moved", count === 0, `${count} moved`),
  ({ transitions, transitionsNotFromWatch: stray }) =>
    check(
      "every transition began with a scheduled watch",
      stray === 0,
      `${transitions} transitions, ${stray} of other origin`,
    ),
  ({ bundles }) =>
    check(
      "the bundles that ran are those of cdk.out",
      bundles.length > 0 && bundles.every(({ equal }) => equal),
      `${bundles.filter(({ equal }) => equal).length} of ${bundles.length}`,
    ),
  ({ denials }) => check("every role may do what it tried", denials.length === 0, refused(denials)),
];

const refused = ([first, ...more]: readonly string[]) =>
  first === undefined
    ? "nothing refused"
    : `${first}${more.length > 0 ? ` and ${more.length} more` : ""}`;

const SERVED: readonly Rule[] = [
  ({ measured, deadlineSeconds }) =>
    check(
      `RTO under ${seconds(deadlineSeconds)}`,
      measured.rtoSeconds !== null && under(measured.rtoSeconds, deadlineSeconds),
      seconds(measured.rtoSeconds),
    ),
  ({ measured, rpoLimitSeconds }) =>
    check(
      `RPO under ${seconds(rpoLimitSeconds)}`,
      under(measured.rpoSeconds, rpoLimitSeconds),
      seconds(measured.rpoSeconds),
    ),
  ({ dns }) =>
    check(
      "DNS leads to the new primary",
      dns.flippedBy !== null && dns.before !== dns.after,
      dns.after,
    ),
  ({ recorded }) => check("the workflow recorded its evidence", recorded, recorded ? "yes" : "no"),
  ({ mails }) => told(mails, /failover done/i),
];

const PROMOTED: readonly Rule[] = [
  ({ promoted }) => check("the standby was promoted", promoted, promoted ? "yes" : "no"),
  ...SERVED,
];

const RECOVERED: readonly Rule[] = [
  ({ promoted }) =>
    check("what was restored took over behind a fence", promoted, promoted ? "yes" : "no"),
  ...SERVED,
];

/** Only where a flag moved DNS. */
const REPAID: readonly ((repayment: Repayment) => Check)[] = [
  ({ paid }) =>
    check("the records were written and the flag lowered", paid, paid ? "yes" : "still owed"),
  ({ answers, astray }) =>
    check(
      "DNS never moved back meanwhile",
      answers > 0 && astray.length === 0,
      astray.length === 0 ? `${answers} answers` : `also ${astray.join(" and ")}`,
    ),
];

const STAYED: readonly Rule[] = [
  ({ promoted }) =>
    check("nothing was promoted", !promoted, promoted ? "promoted" : "not promoted"),
  ({ dns }) => check("DNS stayed where it was", dns.before === dns.after, dns.after),
];

const HALTED: readonly Rule[] = [
  ({ halt, haltsAt }) =>
    check(
      `the failover stopped at ${haltsAt.join(" or ")}`,
      halt !== null && haltsAt.includes(halt.code),
      halt?.code ?? "it did not stop",
    ),
  ({ halt }) =>
    check(
      "promoting would have lost rows",
      (halt?.rowsAtStake ?? 0) > 0,
      `${halt?.rowsAtStake ?? 0} are not on the standby`,
    ),
  ...STAYED,
  ({ halt }) =>
    check(
      "people were told the exact next command",
      (halt?.mails ?? 0) > 0,
      `${halt?.mails ?? 0} mails with it`,
    ),
];

const UNMOVED: readonly Rule[] = [
  ...STAYED,
  ({ measured, deadlineSeconds }) =>
    check(
      "the run watched for at least the divided RTO",
      measured.observedSeconds >= (deadlineSeconds ?? 0),
      seconds(measured.observedSeconds),
    ),
];

const RULES: Readonly<Record<Outcome, readonly Rule[]>> = {
  failover: [...PROMOTED, ...ALWAYS],
  recovery: [...RECOVERED, ...ALWAYS],
  halt: [...HALTED, ...ALWAYS],
  alert: [...UNMOVED, ({ mails }) => told(mails, /./), ...ALWAYS],
  nothing: [
    ...UNMOVED,
    ({ badVotes }) => check("vantages saw the fault", badVotes > 0, `${badVotes} bad answers`),
    ({ mails }) => check("nobody was alarmed", mails.length === 0, `${mails.length} mails`),
    ...ALWAYS,
  ],
};

/** What must have been made good by the end of a run that went without something. */
const MADE_GOOD: Readonly<Partial<Record<AbsenceKind, Rule>>> = {
  sns: ({ heldBack }) =>
    check("every mail left once SNS answered again", heldBack === 0, `${heldBack} held back`),
  "s3-home": ({ debts }) =>
    check(
      "what the home ledger missed was told once it answered",
      debts.length === 0,
      debts.length === 0 ? "no debts" : debts.join(", "),
    ),
};

/** Each rule of the expected outcome with what was found; the drill is ok if all hold. */
export function judge(findings: Findings): Check[] {
  const { expected, without, repayment, comeback, failback, recovery } = findings;
  const good = without.flatMap((kind) => MADE_GOOD[kind] ?? []);
  const back = comeback ? CAME_BACK.map((rule) => rule(comeback)) : [];
  const repaid = repayment ? REPAID.map((rule) => rule(repayment)) : [];
  const home = failback ? failbackChecks(failback) : [];
  const byHand = recovery ? recoveryChecks(recovery) : [];
  const judged = [...RULES[expected], ...good].map((rule) => rule(findings));
  return [...judged, ...back, ...repaid, ...home, ...byHand];
}

function told(mails: readonly Mail[], subject: RegExp): Check {
  const count = mails.filter((mail) => subject.test(mail.subject)).length;
  return check("people were told by mail", count > 0, `${mails.length} mails`);
}
