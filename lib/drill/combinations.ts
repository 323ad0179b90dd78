import { traitsOf } from "../sla/engine.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import type { Absence } from "./absences.ts";
import type { Fault } from "./faults.ts";
import { regionsOf, thirdSites } from "./places.ts";
import { isServedAgain, type Outcome } from "./result.ts";

/** One run to be: a fault, and what is gone while it lasts. */
export interface Combination {
  readonly fault: Fault;
  readonly absences: readonly Absence[];
}

interface Question extends Combination {
  readonly victim: Instance;
  readonly plan: Plan;
  readonly outcome: Outcome;
  readonly fleet: Fleet;
}

interface Rule {
  readonly applies: (question: Question) => boolean;
  readonly because: string;
}

const without =
  (kind: Absence["kind"], more: (question: Question) => boolean = () => true) =>
  (question: Question) =>
    question.absences.some((each) => each.kind === kind) && more(question);

/** A fault that blinds a vantage blinds the first. */
const blindOf = ({ fault, fleet }: Question) =>
  fault.name === "blind-vantage" ? fleet.vantages[0] : undefined;

/** Those that are told to hang, and those that are lost with their region. */
const silentVantages = ({ absences, fault, fleet, victim }: Question) => {
  const lost = fault.restores === "the newest" ? regionsOf(victim) : [];
  return fleet.vantages.filter(
    (region) => lost.includes(region) || absences.some(({ name }) => name === `vantage:${region}`),
  ).length;
};

const recovers = ({ outcome }: Question) => outcome === "recovery";

const majority = (all: number) => Math.floor(all / 2) + 1;

/** Which runs would prove nothing, and why; the first that applies is told. */
const SENSELESS: readonly Rule[] = [
  {
    applies: (question) =>
      question.fault.name === "late-replay" &&
      !traitsOf(question.victim.database.engine).promotesAllReceived,
    because: "what its standby has received and not applied is lost with the promotion",
  },
  {
    applies: (question) => recovers(question) && !question.plan.siteLoss,
    because: "its plan promises nothing for a lost data center (siteLoss)",
  },
  {
    applies: ({ fault, plan }) => fault.restores === "the newest" && !plan.backups,
    because: "its plan sells no backups to come back from",
  },
  {
    applies: ({ fault, fleet, victim }) =>
      fault.restores === "the newest" && thirdSites(fleet, victim).length === 0,
    because: "no third site holds copies of it: that takes `copies:` in the fleet",
  },
  {
    applies: without("route53", recovers),
    because: "no flag leads to what was restored",
  },
  {
    applies: without("sns", recovers),
    because: "nobody begins who was not told",
  },
  {
    applies: without("s3-home", recovers),
    because: "where it comes back at home it is written down there, else S3 is lost with home",
  },
  {
    applies: without("route53", ({ outcome }) => !isServedAgain(outcome)),
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
    applies: without("vantage", (question) =>
      question.absences.some(({ name }) => name === `vantage:${blindOf(question)}`),
    ),
    because: "that vantage is the one that has to see everything down",
  },
  {
    applies: (question) => {
      const all = question.fleet.vantages.length;
      return all - silentVantages(question) < majority(all);
    },
    because: "too few vantages are left to decide anything by majority",
  },
];

/** Why a run would prove nothing; undefined if it proves something. */
export function senseless(
  { fault, absences }: Combination,
  victim: Instance,
  plan: Plan,
  fleet: Fleet,
): string | undefined {
  const outcome = fault.expects(victim, plan);
  const question = { fault, absences, victim, plan, outcome, fleet };
  return SENSELESS.find(({ applies }) => applies(question))?.because;
}
