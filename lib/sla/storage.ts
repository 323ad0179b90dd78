/** What fills the storage of a primary, in bytes. */
export interface StorageUse {
  readonly allocatedBytes: number;
  /** All databases. */
  readonly databaseBytes: number;
  /** Log that is kept because a standby has not fetched it. */
  readonly retainedBytes: number;
}

/** Percent of the storage that is free at most; logs and temporary files take more. */
export function freePercent({ allocatedBytes, databaseBytes, retainedBytes }: StorageUse): number {
  const used = (databaseBytes + retainedBytes) / allocatedBytes;
  return Math.max(0, Math.floor(100 * (1 - used)));
}

/** Unless the plan says otherwise. */
export const WARN_BELOW_PERCENT = 30;
/** A log shorter than this share of the storage is what every streaming standby leaves behind. */
const LEAST_SHARE = 0.01;

/** Whether a standby that lacks this much of the log is behind; on a busy primary each lacks a little. */
export const isMuch = (
  missingBytes: number,
  { allocatedBytes }: Pick<StorageUse, "allocatedBytes">,
): boolean => missingBytes >= LEAST_SHARE * allocatedBytes;

/** Whether the log kept for a standby has left less free than the plan lets it. */
export const isBelow = (use: StorageUse, percent: number): boolean =>
  isMuch(use.retainedBytes, use) && freePercent(use) < percent;

/**
 * The bound that has been passed: what the plan says, its half, its quarter. Each is worth a mail. Undefined: enough
 * is free, or it is not the log kept for a standby that fills the storage.
 */
export function storageAlarm(
  use: StorageUse,
  warnBelowPercent = WARN_BELOW_PERCENT,
): number | undefined {
  if (!isMuch(use.retainedBytes, use)) return undefined;
  const free = freePercent(use);
  const bounds = [1, 2, 4].map((part) => Math.ceil(warnBelowPercent / part));
  return bounds.toReversed().find((bound) => free < bound);
}
