import type { Kept, LogWindow } from "../../functions/failover/ports.ts";
import { isProven, shelved } from "../sla/backups/catalogue.ts";
import { type Point, type Reachable, restorePoint } from "../sla/backups/restore-point.ts";
import type { Instance } from "../sla/fleet.ts";
import { type Roles, recoveredSeat, type Seat } from "../sla/roles.ts";

/** What one region would bring an instance back from. */
export interface Candidate {
  readonly region: string;
  readonly from: "backup" | "logs";
  /** Name of the backup. */
  readonly id?: string;
  /** ISO 8601: of its data; of logs the newest that they hold now. */
  readonly at: string;
  /** Of restore tests of the backup in this region. */
  readonly proof?: "proven" | "untested" | "failed";
  /** The new database, and where the application answers then, if it does. */
  readonly seat: Seat;
}

interface Candidates {
  /** The best first. */
  readonly found: readonly Candidate[];
  /** Regions that do not say what they hold. */
  readonly silent: readonly string[];
  /** ISO 8601: the oldest that any region could restore; absent: there is nothing at all. */
  readonly oldest?: string;
}

interface Wanted {
  readonly instance: Instance;
  readonly roles: Roles;
  readonly regions: readonly string[];
  /** ISO 8601: nothing later; absent: the newest. */
  readonly at?: string;
}

/** Asks all regions at once what they hold; one that does not answer is no candidate. */
export async function candidatesIn(
  keptIn: (region: string) => Kept,
  { instance, roles, regions, at }: Wanted,
): Promise<Candidates> {
  const asked = await Promise.allSettled(
    regions.map(async (region) => {
      const kept = keptIn(region);
      const [listed, windows] = await Promise.all([kept.backups(), kept.logs()]);
      const backups = listed.flatMap((each) => shelved(each) ?? []);
      return { region, there: { backups, logs: windows.map(reachable) } };
    }),
  );
  const answers = asked.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const found = answers.flatMap(({ region, there }) => {
    const point = restorePoint(there, roles, at === undefined ? undefined : Date.parse(at));
    return point ? [candidate(point, recoveredSeat(instance, roles, region))] : [];
  });
  const oldest = answers.flatMap(({ there }) => oldestOf(there, roles) ?? []);
  return {
    found: found.toSorted(byMerit),
    silent: regions.filter((_, index) => asked[index]?.status === "rejected"),
    ...(oldest.length > 0 && { oldest: new Date(Math.min(...oldest)).toISOString() }),
  };
}

const reachable = (window: LogWindow) => ({
  ...window,
  earliestMs: Date.parse(window.earliest),
  latestMs: Date.parse(window.latest),
});

function candidate(point: Point<Reachable>, seat: Seat): Candidate {
  const { region } = seat;
  const at = new Date(point.atMs).toISOString();
  if (point.from === "logs") return { region, from: "logs", at, seat };
  const { id, refutedMs } = point.backup;
  const untested = refutedMs === undefined ? "untested" : "failed";
  const proof = isProven(point.backup) ? "proven" : untested;
  return { region, from: "backup", id, at, proof, seat };
}

type There = Parameters<typeof restorePoint>[0];

/** Where nothing is old enough, a person wants to know what is. */
function oldestOf({ backups, logs }: There, roles: Roles): number | undefined {
  const instants = [
    ...backups.map(({ takenMs }) => takenMs),
    ...logs.map(({ earliestMs }) => earliestMs),
  ];
  return instants
    .toSorted((one, other) => one - other)
    .find((ms) => restorePoint({ backups, logs }, roles, ms) !== undefined);
}

/** What could not be restored before comes last. Else least lost; then where the application answers as soon as its database does; then what was proven. */
const byMerit = (one: Candidate, other: Candidate) =>
  Number(one.proof === "failed") - Number(other.proof === "failed") ||
  Date.parse(other.at) - Date.parse(one.at) ||
  Number(other.seat.app !== undefined) - Number(one.seat.app !== undefined) ||
  Number(other.proof === "proven") - Number(one.proof === "proven");
