/** `16/B374D848`: bytes in PostgreSQL's log. */
const LSN = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i;
/** `mysql-bin-changelog.000012:3456`: a byte of one of the files that are the log of MariaDB and MySQL. */
const BINLOG = /^(.+)\.(\d{6,10}):(\d{1,15})$/;

/** A place in a log; only places in the same log, or parts of one, lie before or after each other. */
interface Place {
  readonly log: string;
  readonly file: bigint;
  readonly byte: bigint;
}

/** Whether a position in a server's log lies after another; false if either is missing, none, or of another log. */
export function isBeyond(later: string | undefined, earlier: string | undefined): boolean {
  const order = compared(later, earlier);
  return order !== undefined && order > 0n;
}

/** Whether whoever is at a position has all up to another; false if nobody can say. */
export function hasReached(at: string | undefined, wanted: string | undefined): boolean {
  const order = compared(at, wanted);
  return order !== undefined && order >= 0n;
}

/**
 * Bytes of log from one position to another; undefined if either is none, or they are in different files: how long the first
 * is nobody says. Negative: it lies before.
 */
export function logBetween(
  earlier: string | undefined,
  later: string | undefined,
): number | undefined {
  const [from, to] = [placeOf(earlier), placeOf(later)];
  if (!from || !to || from.log !== to.log || from.file !== to.file) return undefined;
  return Number(to.byte - from.byte);
}

function compared(one: string | undefined, other: string | undefined): bigint | undefined {
  const [a, b] = [placeOf(one), placeOf(other)];
  if (!a || !b || a.log !== b.log) return undefined;
  return a.file === b.file ? a.byte - b.byte : a.file - b.file;
}

function placeOf(position = ""): Place | undefined {
  const [, high, low] = LSN.exec(position) ?? [];
  if (high !== undefined && low !== undefined) {
    const byte = (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
    return { log: "LSN", file: 0n, byte };
  }
  const [, log, file, byte] = BINLOG.exec(position) ?? [];
  if (log === undefined || file === undefined || byte === undefined) return undefined;
  return { log: `${log}.`, file: BigInt(file), byte: BigInt(byte) };
}
