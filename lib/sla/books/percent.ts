/** Exactly `parts` of `whole`: 99.9 % is 999 of 1000. Nothing is rounded before it is printed. */
export interface Share {
  readonly parts: bigint;
  readonly whole: bigint;
}

const WRITTEN = /^(\d{1,3})(?:\.(\d{1,9}))?$/;

/** `99.9` as it is meant. Throws RangeError that says what is allowed. */
export function parsePercent(text: string): Share {
  const [, whole, decimals = ""] = WRITTEN.exec(text.trim()) ?? [];
  if (whole === undefined) {
    throw new RangeError(`'${text}' is no percentage: expected a number like 99.9, without a sign`);
  }
  const share = { parts: BigInt(whole + decimals), whole: 100n * 10n ** BigInt(decimals.length) };
  if (share.parts <= share.whole) return share;
  throw new RangeError(`'${text}' is more than all: expected a percentage up to 100, like 99.9`);
}

/** Strictly: exactly 99.9 % is not below 99.9 %. */
export const isBelow = (share: Share, other: Share): boolean =>
  share.parts * other.whole < other.parts * share.whole;

const PLACES = 6;

/** `99.899910`: six places, rounded down. `whole` above 0. */
export function writePercent({ parts, whole }: Share): string {
  const scale = 10n ** BigInt(PLACES);
  const units = (parts * 100n * scale) / whole;
  return `${units / scale}.${String(units % scale).padStart(PLACES, "0")}`;
}

/** The largest whole number not above the quotient, also below zero. `by` above 0. */
export function floorDivide(amount: bigint, by: bigint): bigint {
  const towardsZero = amount / by;
  return towardsZero * by > amount ? towardsZero - 1n : towardsZero;
}
