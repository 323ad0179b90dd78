import { UserError } from "../cli/user-error.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { FAULTS, type Fault } from "./faults.ts";

/** The instance asked for, else the first one that has a standby, else the first. */
export function chooseVictim(fleet: Fleet, asked: string | undefined): Instance {
  const [first] = fleet.instances;
  if (asked === undefined) {
    const promised = fleet.instances.find(({ standby }) => standby !== undefined) ?? first;
    if (promised) return promised;
    throw new UserError("the fleet has no instance to break");
  }
  const found = fleet.instances.find(({ id }) => id === asked);
  if (found) return found;
  const known = fleet.instances.map(({ id }) => id).join(", ");
  throw new UserError(`--instance: the fleet has no '${asked}'; it has ${known}`);
}

export function chooseFault(asked: string): Fault {
  const found = FAULTS.find(({ name }) => name === asked);
  if (found) return found;
  const known = [...FAULTS.map(({ name }) => name), EVERYTHING].join(", ");
  throw new UserError(`--fault: there is no '${asked}'; there are ${known}`);
}

/** In place of a name: each in turn. */
export const EVERYTHING = "all";

/** One fault, or each of them in turn. */
export const chooseFaults = (asked: string): readonly Fault[] =>
  asked === EVERYTHING ? FAULTS : [chooseFault(asked)];

/** @throws UserError unless the text is a number within the bounds. */
export function numberWithin(flag: string, min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== "" && value >= min && value <= max) return value;
    throw new UserError(`${flag}: expected a number from ${min} to ${max}, got '${text}'`);
  };
}

/** Like `numberWithin`, and whole. */
export function wholeNumberWithin(flag: string, min: number, max: number) {
  const parse = numberWithin(flag, min, max);
  return (text: string): number => {
    const value = parse(text);
    if (Number.isInteger(value)) return value;
    throw new UserError(`${flag}: expected a whole number, got '${text}'`);
  };
}
