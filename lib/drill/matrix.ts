import { UserError } from "../cli/user-error.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { type Absence, absenceOf, parseAbsences } from "./absences.ts";
import { senseless } from "./combinations.ts";
import type { Fault } from "./faults.ts";
import { chooseFaults, EVERYTHING } from "./options.ts";
import { stakesOf } from "./promises.ts";
import { runName } from "./report-words.ts";

/** One of the runs asked for. */
export interface PlannedRun {
  readonly fault: Fault;
  readonly absences: readonly Absence[];
  /** `kill`, `kill without sns`: once in a round. */
  readonly name: string;
  /** From 1. */
  readonly round: number;
  /** Asked to go there and back, and somebody goes there. */
  readonly goesBack: boolean;
}

/** A run that would prove nothing. */
export interface LeftOut {
  readonly name: string;
  readonly because: string;
}

export interface Matrix {
  readonly runs: readonly PlannedRun[];
  readonly leftOut: readonly LeftOut[];
}

export interface Asked {
  /** A name, or `all`. */
  readonly fault: string;
  /** Names as `--without` takes them, together; or `all`: nothing, then each in turn. */
  readonly without: readonly string[];
  readonly rounds: number;
  readonly thereAndBack?: boolean;
}

/** Every run asked for, in order. Throws UserError for what the fleet has not, and if no run would prove anything. */
export function planMatrix(asked: Asked, fleet: Fleet, victim: Instance): Matrix {
  const { plan } = stakesOf(fleet, victim, 1);
  const combinations = chooseFaults(asked.fault).flatMap((fault) =>
    groupsOf(asked.without, fleet).map((names) => {
      const absences = names.map((name) => absenceOf(name, fleet, victim));
      const name = runName({ fault: fault.name, without: names });
      const because = senseless({ fault, absences }, victim, plan, fleet);
      const goesBack = asked.thereAndBack === true && fault.expects(victim, plan) === "failover";
      return { fault, absences, name, because, goesBack };
    }),
  );
  const leftOut = combinations.flatMap(({ name, because }) =>
    because === undefined ? [] : [{ name, because }],
  );
  const sensible = combinations.filter(({ because }) => because === undefined);
  const [first] = leftOut;
  if (sensible.length === 0 && first) {
    const flag = asked.without.length > 0 ? "--without" : "--fault";
    throw new UserError(`${flag}: ${first.name} proves nothing for ${victim.id}: ${first.because}`);
  }
  if (asked.thereAndBack && !sensible.some(({ goesBack }) => goesBack)) {
    throw new UserError(
      `--there-and-back: nothing is failed over in this drill of ${victim.id}; try --fault kill`,
    );
  }
  const rounds = Array.from({ length: asked.rounds }, (_, index) => index + 1);
  const runs = rounds.flatMap((round) =>
    sensible.map(({ because: _, ...run }) => ({ ...run, round })),
  );
  return { runs, leftOut };
}

/** What is gone together, run by run. */
function groupsOf(without: readonly string[], fleet: Fleet): readonly (readonly string[])[] {
  if (!without.includes(EVERYTHING)) return [without];
  if (without.length > 1) {
    throw new UserError(`--without: '${EVERYTHING}' stands alone, it takes each in turn`);
  }
  return [[], ["route53"], ["sns"], ["s3-home"], [`vantage:${spareVantage(fleet)}`]];
}

/** Not the first, which a fault may blind, and rather one that is nothing but a vantage. */
function spareVantage({ vantages, sites }: Fleet): string {
  const [first, ...others] = vantages;
  return others.findLast((region) => !(region in sites)) ?? others.at(-1) ?? String(first);
}

/** For commander: each `--without` adds to those before it. */
export const collectAbsences = (text: string, before: readonly string[]): readonly string[] => [
  ...new Set([...before, ...(text === EVERYTHING ? [EVERYTHING] : parseAbsences(text))]),
];
