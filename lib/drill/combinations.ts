import type { Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import type { Absence } from "./absences.ts";
import type { Fault } from "./faults.ts";
import type { Outcome } from "./result.ts";

/** One run to be: a fault, and what is gone while it lasts. */
export interface Combination {
  readonly fault: Fault;
  readonly absences: readonly Absence[];
}

interface Question extends Combination {
  readonly victim: Instance;
  readonly outcome: Outcome;
  /** All of the fleet; a fault that blinds one blinds the first. */
  readonly vantages: readonly string[];
}

interface Rule {
  readonly applies: (question: Question) => boolean;
  readonly because: string;
}

const without =
  (kind: Absence["kind"], more: (question: Question) => boolean = () => true) =>
  (question: Question) =>
    question.absences.some((each) => each.kind === kind) && more(question);

const silentVantages = ({ absences }: Question) =>
  absences.filter(({ kind }) => kind === "vantage").length;

const majority = (all: number) => Math.floor(all / 2) + 1;

/** Which runs would prove nothing, and why; the first that applies is told. */
const SENSELESS: readonly Rule[] = [
  {
    applies: without("route53", ({ outcome }) => outcome !== "failover"),
    because: "no record is changed where nothing is promoted",
  },
  {
    applies: without("route53", ({ victim }) => victim.dns.stop !== "own"),
    because: "its DNS has no other way to move: that takes `stop: own` in the fleet",
  },
  {
    applies: without("sns", ({ outcome }) => outcome === "nothing"),
    because: "nobody is to be mailed",
  },
  {
    applies: without("s3-home", ({ outcome }) => outcome === "nothing"),
    because: "a ledger that does not answer is told by mail, so the night is not quiet",
  },
  {
    applies: without("s3-home", ({ fault }) => fault.name === "region"),
    because: "S3 hangs with its whole region already",
  },
  {
    applies: without("vantage", ({ fault, absences, vantages }) => {
      const blind = fault.name === "blind-vantage" ? vantages[0] : undefined;
      return absences.some(({ name }) => name === `vantage:${blind}`);
    }),
    because: "that vantage is the one that has to see everything down",
  },
  {
    applies: (question) =>
      question.vantages.length - silentVantages(question) < majority(question.vantages.length),
    because: "too few vantages are left to decide anything by majority",
  },
];

/** Why a run would prove nothing; undefined if it proves something. */
export function senseless(
  { fault, absences }: Combination,
  victim: Instance,
  plan: Plan,
  vantages: readonly string[],
): string | undefined {
  const outcome = fault.expects(victim, plan);
  const question = { fault, absences, victim, outcome, vantages };
  return SENSELESS.find(({ applies }) => applies(question))?.because;
}
