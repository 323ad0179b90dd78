import type { Finding } from "../../lib/sla/backups/action.ts";
import type { ZoneCalendar } from "../../lib/sla/backups/calendar.ts";
import { quietUntil } from "../../lib/sla/backups/idle.ts";
import { imagePlanOf } from "../../lib/sla/backups/images.ts";
import { backupPlanOf } from "../../lib/sla/backups/of-plan.ts";
import type { FreshWish } from "../../lib/sla/backups/schedule.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { NewestRoles } from "../ledger/fleet.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { PassEvent, ShelfState, Trouble } from "./contract.ts";
import { wishesOf } from "./fresh.ts";
import { allowedOf } from "./leave.ts";
import { type PassReport, pass } from "./pass.ts";
import type { AutomatedBackups, Hands, Manifests, Messenger, Snapshots } from "./ports.ts";
import { recordDeeds, recordState, shelvesOf } from "./record.ts";
import { fullIn, refusals, refusedIn, told, withoutRoom } from "./troubles.ts";

export interface Site {
  readonly region: string;
  readonly fleet: Fleet;
  /** Its key in the ledger. */
  readonly fleetKey: string;
  readonly ledger: Ledger;
  readonly roles: NewestRoles;
  readonly snapshots: Snapshots;
  readonly manifests: Manifests;
  readonly automated: AutomatedBackups;
  readonly images: Snapshots;
  readonly hands: Hands;
  readonly messenger: Messenger;
  readonly calendar: ZoneCalendar;
  readonly clock: Clock;
}

export interface RoundReport {
  readonly actions: number;
  readonly later: number;
  readonly troubles: number;
  /** Why no files could be asked for. */
  readonly files?: string;
}

/** Even if nothing is due: what was deleted or changed by hand is found after so long. */
const LOOK_SECONDS = 2 * 3600;

/** They may last for months, and no pass makes an end of them. */
const CLEARED_BY_HAND: ReadonlySet<string> = new Set<Finding["kind"]>([
  "stranger",
  "tags-lost",
  "tags-repaired",
  "logs-not-kept",
  "machine-unnamed",
]);

/**
 * One pass, its evidence, and what people hear of it; nothing but a look at the last one while nothing can have become necessary. Notices
 * leave before the state that remembers them is written: one that is told twice is one mail, one that is forgotten would be none.
 */
export async function round(site: Site, { look = false }: PassEvent = {}): Promise<RoundReport> {
  const { region, ledger, fleet, fleetKey, clock } = site;
  const now = clock.now();
  const [before, wishes] = await Promise.all([
    ledger.read<ShelfState>(keys.shelf(region)),
    wishesOf(ledger, now),
  ]);
  const isAsked = look || isWished(wishes, before?.value);
  if (!isAsked && isIdle(before?.value, fleetKey, now)) return NOTHING_DONE;
  await site.roles.hear(Object.keys(fleet.sites));
  const [roles, allowed] = await Promise.all([site.roles.all(), allowedOf(ledger, now)]);
  const past = {
    ...{ refused: refusedIn(before?.value), full: fullIn(before?.value) },
    refusedImages: refusedIn(before?.value, "images"),
  };
  const report = await pass({ ...site, roles, allowed, wishes, ...past, nowMs: now.getTime() });
  const at = now.toISOString();
  await recordDeeds(ledger, region, at, report);
  const findings = [...report.findings, ...refusals(report.done)];
  const { troubles, notices } = told(findings, before?.value, region, at);
  if (notices.length > 0) await site.messenger.notify({ notices });
  const idleUntil = idleUntilOf(site, report, troubles, now.getTime());
  const full = withoutRoom(report.done);
  await recordState(ledger, region, before?.tag, {
    ...{ at, troubles, fleet: fleetKey, instances: shelvesOf(report, now.getTime()) },
    ...(full.length > 0 && { full }),
    ...(wishes.size > 0 && { wishes: namesOf(wishes) }),
    ...(idleUntil !== undefined && { idleUntil }),
  });
  const later = report.done.filter(({ outcome }) => outcome.answer === "later");
  const { failed } = report.files;
  return {
    ...{ actions: report.done.length, later: later.length, troubles: troubles.length },
    ...(failed !== undefined && { files: failed }),
  };
}

const NOTHING_DONE: RoundReport = { actions: 0, later: 0, troubles: 0 };

/** A wish that the last pass had not heard of: what was silent then may be told long after it was uttered. */
const isWished = (wishes: ReadonlyMap<string, FreshWish>, before: ShelfState | undefined) =>
  namesOf(wishes).some((name) => !before?.wishes?.includes(name));

const namesOf = (wishes: ReadonlyMap<string, FreshWish>): readonly string[] =>
  [...wishes].map(([instance, { askedMs }]) => `${instance} ${new Date(askedMs).toISOString()}`);

const isIdle = (before: ShelfState | undefined, fleetKey: string, now: Date): boolean =>
  before?.idleUntil !== undefined &&
  before.fleet === fleetKey &&
  now.getTime() < Date.parse(before.idleUntil) &&
  // A clock that was ahead must not keep everybody waiting.
  Date.parse(before.at) <= now.getTime();

function idleUntilOf(
  { fleet, calendar, clock }: Site,
  { done, here, images, isWaiting, tightestRpoSeconds = Number.POSITIVE_INFINITY }: PassReport,
  troubles: readonly Trouble[],
  nowMs: number,
): string | undefined {
  const isUnderWay =
    done.length > 0 || [...here, ...images].some(({ state }) => state !== "available");
  const isPending = troubles.some(({ kind }) => !CLEARED_BY_HAND.has(kind));
  if (isUnderWay || isWaiting || isPending) return undefined;
  const schedules = Object.values(fleet.plans).flatMap(({ backups }) =>
    backups ? [...backupPlanOf(backups).schedules, ...(imagePlanOf(backups)?.schedules ?? [])] : [],
  );
  const quiet = quietUntil(schedules, calendar, nowMs);
  // Logs that lag are told before they have cost what was sold.
  const lookSeconds = Math.min(LOOK_SECONDS, tightestRpoSeconds / 4);
  return new Date(Math.min(quiet, nowMs + clock.paced(lookSeconds))).toISOString();
}

/** Alarms count errors: what is put off three times in an hour is one. */
export function accomplished(report: RoundReport): RoundReport {
  if (report.files !== undefined) throw new SlaError("BackupsFailed", "cloud", report.files);
  if (report.later === 0) return report;
  throw new SlaError("BackupsFailed", "cloud", `${report.later} of ${report.actions} put off`);
}
