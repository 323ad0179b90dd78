import type { Period } from "../plan.ts";
import type { Seat } from "../roles.ts";
import type { Finding, Reconciled, Retag, Take } from "./action.ts";
import type { ZoneCalendar } from "./calendar.ts";
import { backupId, type Shelved } from "./catalogue.ts";
import { copiesOf, mayLack, missingOf } from "./copies.ts";
import { deletionsOf } from "./deletions.ts";
import { due, lastTicksOf } from "./due.ts";
import { freshWork } from "./fresh.ts";
import { isAvailable, type Shelves, type WithFiles } from "./keepers.ts";
import { lateFindings } from "./late.ts";
import type { BackupPlan } from "./of-plan.ts";
import { testFindings, testOf } from "./restore-tests.ts";
import type { FreshWish } from "./schedule.ts";
import { type Former, withoutStale } from "./stale.ts";
import { courseOf } from "./stopped.ts";

/** What an instance's plan wants. */
export interface Desired {
  readonly instance: string;
  readonly plan: BackupPlan;
  /** Where its primary is now. */
  readonly primary: Seat;
  readonly epoch: number;
  readonly former?: Former;
  /** Regions that have to hold its backups, the primary's among them. */
  readonly places: readonly string[];
  /** Between two restore tests of it; absent: it is never tested. */
  readonly testEvery?: Period;
  /** Where a restored backup of it is also frozen. */
  readonly frozenIn?: string;
  /** How often; absent: once a week. */
  readonly frozenEvery?: Period;
  /** Where a dump of now is made of it. */
  readonly dumpedIn?: string;
  /** What a person wants beside all that was sold. */
  readonly fresh?: FreshWish;
  /** How many deletions in one place a person has allowed beyond the bound. */
  readonly allowedDeletions?: number;
  /** When RDS last refused one of it here because there is no room for another, in ms. */
  readonly fullMs?: number;
}

/** What there is of it. */
export interface Observed {
  /** Its backups by region; a region that does not answer is absent. */
  readonly shelves: Shelves;
  /** Snapshots with names of ours whose tags do not say what they are, by region. */
  readonly untagged: ReadonlyMap<string, readonly string[]>;
  readonly withFiles?: WithFiles;
}

/**
 * What has to be done now so that every place holds what the plan sells, each with its reason; a region that does not
 * answer is left alone. Pure: whoever does it later finds, by names, what somebody else has done meanwhile.
 */
export function reconcile(
  desired: Desired,
  observed: Observed,
  calendar: ZoneCalendar,
  nowMs: number,
): Reconciled {
  const { plan, places, instance, primary } = desired;
  const { shelves, findings: stale } = withoutStale(observed.shelves, desired.former);
  const lastTicks = lastTicksOf(plan.schedules, calendar, nowMs);
  const all = [...shelves.values()].flat();
  const fresh = freshWork(desired, shelves, nowMs);
  const { hasStopped, asOfMs } = courseOf(desired, all, nowMs);
  const copies = copiesOf(desired, shelves, calendar, nowMs);
  const missing = missingOf(places, shelves, fresh.copy ? [...copies, fresh.copy] : copies);
  const lacking =
    asOfMs === undefined || places.every((place) => shelves.has(place))
      ? new Set<string>()
      : mayLack(plan, shelves, calendar, asOfMs);
  const around = { shelves, places, missing, mayLack: lacking, ...filesIn(observed) };
  const takes = shelves.has(primary.region) ? takesOf(desired, all, lastTicks) : [];
  const test = fresh.test ?? testOf(desired, shelves, calendar, nowMs);
  const deletions = [...shelves.values()].map((shelf) =>
    deletionsOf(shelf, desired, around, calendar, asOfMs),
  );
  return {
    actions: [
      ...takes,
      // RDS takes one of a database at a time.
      ...(fresh.take && takes.length === 0 ? [fresh.take] : []),
      ...copies,
      ...(fresh.copy ? [fresh.copy] : []),
      ...retagsOf({ ...observed, shelves }),
      ...(test ? [test] : []),
      ...deletions.flatMap(({ actions }) => actions),
    ],
    findings: [
      ...lateFindings({ ...desired, ...around, lastTicks, hasStopped }),
      ...deletions.flatMap(({ findings }) => findings),
      ...lostTags(instance, observed),
      ...repairedTags(instance, shelves),
      ...testFindings(desired, shelves, nowMs),
      ...stale,
    ],
    waiting: places.filter((place) => {
      if (fresh.isWaiting) return true;
      const there = (shelves.get(place) ?? []).filter(isAvailable);
      return due(lastTicks, there) !== undefined;
    }),
  };
}

const filesIn = ({ withFiles }: Observed) => (withFiles ? { withFiles } : {});

/** At most one: the instants of several schedules are served by one backup. */
function takesOf(
  { instance, epoch, primary: { region, database } }: Desired,
  all: readonly Shelved[],
  lastTicks: ReadonlyMap<string, number>,
): Take[] {
  // One that was taken before a failover, or that is only left as a copy, serves its instant all the same.
  const taken = all.filter(({ state }) => state !== "failed");
  const wanted = due(lastTicks, taken);
  if (!wanted) return [];
  const { tickMs, schedules, sinceMs } = wanted;
  const because = `${schedules.join(", ")}: due since ${new Date(sinceMs).toISOString()}`;
  const id = backupId(instance, tickMs, epoch);
  const what = { instance, region, database, id, tickMs, epoch, schedules };
  return [{ kind: "take", ...what, because }];
}

/** Tags that are gone in one place and still there in another. */
const retagsOf = ({ shelves, untagged }: Observed): Retag[] =>
  eachUntagged({ shelves, untagged }).flatMap(({ region, known }) =>
    known
      ? [
          {
            ...({ kind: "repair", region, backup: known } as const),
            because: `its tags are gone; ${known.region} still has them`,
          },
        ]
      : [],
  );

const lostTags = (instance: string, observed: Observed): Finding[] =>
  eachUntagged(observed).flatMap(({ region, id, known }) =>
    known
      ? []
      : [
          {
            ...({ kind: "tags-lost", instance, region, patienceMs: 0 } as const),
            detail: `${id} has a name of ours but not its tags: it is not counted and not deleted`,
          },
        ],
  );

const repairedTags = (instance: string, shelves: Shelves): Finding[] =>
  [...shelves].flatMap(([region, shelf]) => {
    const [first, ...others] = shelf.filter(({ isRepaired }) => isRepaired);
    if (!first) return [];
    const more = others.length > 0 ? ` and ${others.length} more` : "";
    const detail = `${first.id}${more} had lost tags that are back, but a hold or a proof among them is not: kept until somebody has looked`;
    return [{ kind: "tags-repaired", instance, region, detail, patienceMs: 0 }];
  });

function eachUntagged({ shelves, untagged }: Observed) {
  if (untagged.size === 0) return [];
  const all = [...shelves.values()].flat();
  return [...untagged].flatMap(([region, ids]) =>
    ids.map((id) => ({ region, id, known: all.find((backup) => backup.id === id) })),
  );
}
