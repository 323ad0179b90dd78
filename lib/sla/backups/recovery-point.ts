/** A backup that can be restored in its region. */
export interface Restorable {
  readonly id: string;
  readonly region: string;
  readonly takenMs: number;
  readonly isProven: boolean;
}

/** Replicated logs of the primary, and how far they reach. */
export interface Reach {
  readonly region: string;
  readonly latestMs: number;
}

/** What an instance would be brought back from, and to which instant. */
export type RecoveryPoint =
  | { readonly from: "backup"; readonly id: string; readonly region: string; readonly atMs: number }
  | { readonly from: "logs"; readonly region: string; readonly atMs: number };

/**
 * The newest instant to which an instance can be brought back once a region is lost. Of backups of the same instant one that was
 * proven where it lies goes first; logs only where they reach further, for a backup is restored without being replayed.
 */
export function recoveryPoint(
  backups: readonly Restorable[],
  logs: readonly Reach[],
  lost: string,
): RecoveryPoint | undefined {
  const [backup] = backups
    .filter(({ region }) => region !== lost)
    .toSorted(
      (one, other) => other.takenMs - one.takenMs || Number(other.isProven) - Number(one.isProven),
    );
  const [reach] = logs
    .filter(({ region }) => region !== lost)
    .toSorted((one, other) => other.latestMs - one.latestMs);
  if (reach && reach.latestMs > (backup?.takenMs ?? Number.NEGATIVE_INFINITY)) {
    return { from: "logs", region: reach.region, atMs: reach.latestMs };
  }
  if (!backup) return undefined;
  return { from: "backup", id: backup.id, region: backup.region, atMs: backup.takenMs };
}
