const POSITION = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i;

/** Whether a position in PostgreSQL's log (`16/B374D848`) lies after another; false if either is missing or none. */
export function isBeyond(later: string | undefined, earlier: string | undefined): boolean {
  const [to, from] = [bytesOf(later), bytesOf(earlier)];
  return to !== undefined && from !== undefined && to > from;
}

/** Bytes of log from one position to another; undefined if either is none. Negative: it lies before. */
export function logBetween(
  earlier: string | undefined,
  later: string | undefined,
): number | undefined {
  const [from, to] = [bytesOf(earlier), bytesOf(later)];
  return from !== undefined && to !== undefined ? Number(to - from) : undefined;
}

function bytesOf(position: string | undefined): bigint | undefined {
  const [, high, low] = POSITION.exec(position ?? "") ?? [];
  return high !== undefined && low !== undefined
    ? (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
    : undefined;
}
