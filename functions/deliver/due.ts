import type { FrozenCopy } from "../freeze/contract.ts";
import type { Delivery } from "./contract.ts";
import { fileOf, isLeftOver, manifestOf } from "./names.ts";
import type { Lying } from "./ports.ts";

/** How it stands between what is frozen and what lies at a destination. */
export interface Standing {
  readonly instance: string;
  /** The oldest first. */
  readonly copies: readonly FrozenCopy[];
  /** Of this place and for this recipient. */
  readonly records: readonly Delivery[];
  /** What lies there; undefined: nobody has looked. */
  readonly lying?: readonly Lying[];
  readonly keep?: { readonly newest: number };
}

/** Of what was missed while a destination failed, so many; older ones nobody waits for. */
const MOST_AT_ONCE = 14;

/**
 * What has to be sent, the newest first, and last of all what has been sent and is gone: the newest copy unless it is known to lie there, and those that came between it and what was
 * sent before. What was frozen before anything was sent is not sent afterwards.
 */
export function dueOf(standing: Standing): readonly FrozenCopy[] {
  const { copies, records, keep } = standing;
  const known = new Set(records.map(({ backup }) => backup));
  const first = records.map(({ takenAt }) => takenAt).toSorted()[0];
  const newest = copies.at(-1);
  return copies
    .slice(-Math.min(keep?.newest ?? MOST_AT_ONCE, MOST_AT_ONCE))
    .filter((copy) => {
      if (copy === newest) return !known.has(copy.backup) || isGone(standing, copy);
      return first !== undefined && copy.takenAt > first && !known.has(copy.backup);
    })
    .toReversed()
    .toSorted((one, other) => Number(known.has(one.backup)) - Number(known.has(other.backup)));
}

/** Where nobody has looked it is taken to be there. */
function isGone({ instance, records, lying }: Standing, copy: FrozenCopy): boolean {
  if (!lying) return false;
  const bytes = records.find((each) => each.backup === copy.backup)?.encrypted.bytes;
  const file = fileOf(instance, copy);
  const isWhole = lying.some((each) => each.name === file && each.bytes === bytes);
  return !isWhole || !lying.some(({ name }) => name === manifestOf(file));
}

export const leftOvers = ({ instance, lying = [] }: Standing): readonly string[] =>
  lying.map(({ name }) => name).filter((name) => isLeftOver(instance, name));

/** A rotation gone wrong takes no more than these before the next look. */
const MOST_REMOVED = 10;

/** What newer ones stand in for: only what was written down as sent, lies there, and is not the newest. The oldest first. */
export function outdated({ records, lying = [], keep }: Standing): readonly Delivery[] {
  if (!keep) return [];
  const names = new Set(lying.map(({ name }) => name));
  return records
    .filter(({ removedAt, name }) => removedAt === undefined && names.has(name))
    .toSorted((one, other) => (one.takenAt < other.takenAt ? -1 : 1))
    .slice(0, -Math.max(1, keep.newest))
    .slice(0, MOST_REMOVED);
}
