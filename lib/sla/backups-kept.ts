import { Temporal } from "temporal-polyfill";
import { testPeriodOf } from "./backups/restore-tests.ts";
import type { Happenings } from "./books/happenings.ts";
import { type Amount, type Judged, keptIf, type PromiseKept } from "./kept.ts";
import type { Period, Plan } from "./plan.ts";
import { rotationKept } from "./rotation-kept.ts";
import { versionsKept } from "./versions-kept.ts";

/** What was sold of backups, and of restoring them. */
export const backupsKept = (plan: Plan, judged: Judged): readonly PromiseKept[] =>
  [dailyBackups, rotation, versions, copies, frozen, restoreTests, imageTests].flatMap((each) =>
    each(plan, judged),
  );

/** Completed days of the month on which a backup was begun, and an image where backups are of the complete instance, if the plan sells one a day or more. */
function dailyBackups(
  { backups }: Plan,
  { happened, hours, timezone, span: { toMs } }: Judged,
): PromiseKept[] {
  const isDaily = backups?.schedules.some(({ every }) => /h$|^1d$/.test(every)) ?? false;
  if (!isDaily) return [];
  const dayOf = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms)
      .toZonedDateTimeISO(timezone)
      .toPlainDate()
      .toString();
  const last = dayOf(toMs);
  const isPart = (day: string) => day === hours[0]?.day && hours[0].hour > 0;
  const days = new Set(hours.map(({ day }) => day).filter((day) => day < last && !isPart(day)));
  const taken = happened.backups.filter(({ kind }) => kind === "take");
  const isWhole = backups?.contents.includes("instance") ?? false;
  const imaged = new Set(happened.images.map(({ takenMs }) => dayOf(takenMs)));
  const begun = new Set(taken.map(({ at }) => dayOf(Date.parse(at)))).intersection(days);
  const covered = isWhole ? begun.intersection(imaged) : begun;
  const isShown = taken.length > 0 && (!isWhole || imaged.size > 0);
  const amount = (some: number): Amount => ({ unit: "days", days: some, of: days.size });
  return [
    {
      ...{ promise: "dailyBackups", sold: amount(days.size) },
      measured: isShown ? amount(covered.size) : null,
      status: isShown ? keptIf(covered.size === days.size) : "not-shown",
      evidence: isShown ? ["backups/"] : [],
    },
  ];
}

/** The least that was there at any time of the month, in the region that keeps the sentence best. */
function rotation({ backups }: Plan, { happened, timezone, span }: Judged): PromiseKept[] {
  if (!backups?.rotation) return [];
  const { count } = backups.rotation;
  const found = rotationKept({ ...backups.rotation, timezone }, happened.lives, span);
  return [
    {
      ...{ promise: "rotation", sold: { unit: "backups", count } },
      measured: found ? { unit: "backups", count: found.least } : null,
      status: found?.status ?? "not-shown",
      ...(found && found.clauses.length > 0 && { clauses: found.clauses }),
      evidence: found ? ["backups/"] : [],
    },
  ];
}

/** Of the complete instance. */
function versions({ backups }: Plan, { happened, span }: Judged): PromiseKept[] {
  const count = backups?.instanceVersions;
  if (count === undefined) return [];
  const found = versionsKept(count, happened.images, span);
  return [
    {
      ...{ promise: "instanceVersions", sold: { unit: "versions", count } },
      measured: found ? { unit: "versions", count: found.least } : null,
      status: found?.status ?? "not-shown",
      evidence: found ? ["backups/"] : [],
    },
  ];
}

/** In how many regions backups of the month were put. */
function copies(plan: Plan, { happened }: Judged): PromiseKept[] {
  if (!plan.copies) return [];
  const regions = new Set(happened.backups.map(({ region }) => region));
  const isKnown = regions.size > 0;
  return [
    {
      ...{ promise: "copies", sold: { unit: "places", count: plan.copies.places } },
      measured: isKnown ? { unit: "places", count: regions.size } : null,
      status: isKnown ? keptIf(regions.size >= plan.copies.places) : "not-shown",
      evidence: isKnown ? ["backups/"] : [],
    },
  ];
}

function frozen(plan: Plan, { happened }: Judged): PromiseKept[] {
  if (!plan.frozen) return [];
  const made = happened.restoreTests.filter(({ froze }) => froze);
  return [
    {
      ...{ promise: "frozen", sold: { unit: "copies", count: 1 } },
      measured: { unit: "copies", count: made.length },
      status: made.length > 0 ? "kept" : "not-shown",
      evidence: made.map(({ key }) => key),
    },
  ];
}

const restoreTests = ({ restoreTests: sold }: Plan, judged: Judged): PromiseKept[] =>
  sold ? [testsKept("restoreTests", testPeriodOf(sold), judged.happened.lastProof, judged)] : [];

const imageTests = ({ imageTests: sold }: Plan, judged: Judged): PromiseKept[] =>
  sold ? [testsKept("imageTests", sold.every, judged.happened.lastImageProof, judged)] : [];

/** At the month's end the newest proof is no older than the period sold. */
function testsKept(
  promise: "restoreTests" | "imageTests",
  every: Period,
  proof: Happenings["lastProof"],
  { span, timezone }: Judged,
): PromiseKept {
  const end = Temporal.Instant.fromEpochMilliseconds(span.toMs).toZonedDateTimeISO(timezone);
  const due = end.subtract(spanOf(every)).epochMilliseconds;
  return {
    ...{ promise, sold: { unit: "period", period: every } },
    measured: proof ? { unit: "instant", at: proof.endedAt } : null,
    status: proof ? keptIf(Date.parse(proof.endedAt) >= due) : "not-shown",
    evidence: proof ? [proof.key] : [],
  };
}

const SPANS = { h: "hours", d: "days", w: "weeks", mo: "months" } as const;

function spanOf(period: Period): Temporal.Duration {
  const [, amount, unit] = /^(\d+)(h|d|w|mo)$/.exec(period) ?? [];
  return Temporal.Duration.from({ [SPANS[unit as keyof typeof SPANS]]: Number(amount) });
}
