import type { Roles } from "../roles.ts";
import { isProven, type Shelved } from "./catalogue.ts";

/** Logs of a database by which it can be brought to any instant from the first to the last. */
export interface Reachable {
  readonly region: string;
  readonly database: string;
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** What one region keeps of an instance. */
export interface KeptThere<Logs extends Reachable> {
  readonly backups: readonly Shelved[];
  readonly logs: readonly Logs[];
}

/** What it is brought back from; `atMs` is the instant of its data. */
export type Point<Logs extends Reachable> =
  | { readonly from: "backup"; readonly backup: Shelved; readonly atMs: number }
  | { readonly from: "logs"; readonly logs: Logs; readonly atMs: number };

/**
 * The newest instant a region can bring an instance back to, or the newest one up to `untilMs`. A backup goes before logs of the
 * same instant, for it need not be replayed; one whose restore has failed only where nothing else is left. Of what is no primary
 * any more only what it was while it was one counts: it goes on to log and to be backed up, and says nothing of its successor. What
 * was taken between a mistake and its undoing holds the mistake.
 */
export function restorePoint<Logs extends Reachable>(
  { backups, logs }: KeptThere<Logs>,
  roles: Past & Pick<Roles, "instance">,
  untilMs = Number.POSITIVE_INFINITY,
): Point<Logs> | undefined {
  const usable = backups.filter(
    (backup) =>
      backup.instance === roles.instance &&
      backup.state === "available" &&
      backup.takenMs <= untilMs &&
      isOfPrimary(backup, roles) &&
      !isUndone(backup, roles, untilMs),
  );
  const believed = usable.filter((backup) => isProven(backup) || backup.refutedMs === undefined);
  const points: readonly Point<Logs>[] = [
    ...believed.map((backup) => ({ from: "backup", backup, atMs: backup.takenMs }) as const),
    ...logs
      .filter((each) => isSameDatabase(each, roles) && each.earliestMs <= untilMs)
      .map(
        (each) => ({ from: "logs", logs: each, atMs: Math.min(each.latestMs, untilMs) }) as const,
      ),
  ];
  const [best] = points.toSorted(byInstant);
  if (best) return best;
  const [doubtful] = usable.toSorted((one, other) => other.takenMs - one.takenMs);
  return doubtful && { from: "backup", backup: doubtful, atMs: doubtful.takenMs };
}

type Past = Pick<Roles, "primary" | "promotedAt" | "rewoundTo">;

function isOfPrimary({ takenMs, database }: Shelved, { primary, promotedAt }: Past): boolean {
  const isBefore = promotedAt === undefined || takenMs < Date.parse(promotedAt);
  return isBefore || database === undefined || database === primary.database;
}

/** Holds what was to be undone when the instance was brought back to before; whoever asks for that very time gets it. */
function isUndone(
  { takenMs }: Shelved,
  { promotedAt = "", rewoundTo }: Past,
  untilMs: number,
): boolean {
  const endMs = Date.parse(promotedAt);
  return (
    rewoundTo !== undefined &&
    takenMs > Date.parse(rewoundTo) &&
    takenMs < endMs &&
    untilMs >= endMs
  );
}

const isSameDatabase = ({ region, database }: Reachable, { primary }: Pick<Roles, "primary">) =>
  region === primary.region && database === primary.database;

const byInstant = <Logs extends Reachable>(one: Point<Logs>, other: Point<Logs>) =>
  other.atMs - one.atMs || rank(one) - rank(other);

const rank = <Logs extends Reachable>(point: Point<Logs>) => {
  if (point.from === "logs") return 2;
  return isProven(point.backup) ? 0 : 1;
};
