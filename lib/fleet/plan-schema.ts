import { z } from "zod";
import { hoursOf } from "../sla/period-hours.ts";
import type { Period } from "../sla/plan.ts";
import { WARN_BELOW_PERCENT } from "../sla/storage.ts";
import { country, oneOf, place, seconds, text, timeZone, whole } from "./scalars.ts";
import { availability, credits, maintenance, support } from "./service-schema.ts";

const period = text("a period like 12h, 1d, 4w or 3mo", /^[1-9]\d{0,2}(h|d|w|mo)$/).transform(
  (value) => value as Period,
);
const times = z
  .array(text("a local time like 07:00", /^([01]\d|2[0-3]):[0-5]\d$/))
  .min(1, { error: "at least one local time" });

/** More of them nobody wants, and `sla check` would simulate them for minutes. */
const MOST_BACKUPS = 1000;

const TIMES_IN_HOURS = {
  path: ["at"],
  error: "left out where `every` is in hours: local times are for days, weeks and months",
};
const hasNoTimesInHours = ({ every, at }: { readonly every: Period; readonly at?: unknown }) =>
  at === undefined || !every.endsWith("h");

const schedule = z
  .strictObject({
    every: period,
    at: times.exactOptional(),
    keep: period.exactOptional(),
    keepNewest: whole(1, MOST_BACKUPS).exactOptional(),
  })
  .refine(hasNoTimesInHours, TIMES_IN_HOURS)
  .refine(
    ({ every, at = [""], keep = every }) =>
      hoursOf(keep) * at.length <= MOST_BACKUPS * hoursOf(every),
    { path: ["keep"], error: `so long that at most ${MOST_BACKUPS} backups are there at once` },
  )
  .refine(({ keep, keepNewest }) => keep === undefined || keepNewest === undefined, {
    path: ["keepNewest"],
    error: "left out beside `keep`: a schedule's backups stay by their age or by their number",
  });
const places = z.array(place).min(1, { error: "at least one country or area" }).exactOptional();

const CADENCE = "seconds that divide 60 or are a multiple of it, like 15, 30, 60, 300";
const watch = z.strictObject({
  everySeconds: seconds(1, 3600).refine((s) => 60 % s === 0 || s % 60 === 0, { error: CADENCE }),
  badRounds: whole(1, 20),
  goodRounds: whole(1, 20),
});

const recovery = z.strictObject({
  rpoSeconds: seconds(1),
  rtoSeconds: seconds(1),
  includesDns: z.boolean({ error: "true or false" }),
  rpoFrom: oneOf(["replica", "newest-backup"]).exactOptional(),
});

/** The machine that waits ends after a day, and has work to do after an answer. */
const approval = z.strictObject({
  withinSeconds: seconds(60, 43_200).exactOptional(),
  otherwise: oneOf(["failover", "halt"]).exactOptional(),
  asks: oneOf(["provider", "everybody"]).exactOptional(),
});

/** Nobody loses a standby unwarned. */
const storage = z
  .strictObject({
    warnBelowPercent: whole(1, 90).exactOptional(),
    dropStandbyBelowPercent: whole(1, 89).exactOptional(),
  })
  .superRefine(({ warnBelowPercent = WARN_BELOW_PERCENT, dropStandbyBelowPercent }, context) => {
    if (dropStandbyBelowPercent === undefined || dropStandbyBelowPercent < warnBelowPercent) return;
    context.addIssue({
      code: "custom",
      path: ["dropStandbyBelowPercent"],
      message: `a whole number below warnBelowPercent (${warnBelowPercent}), so that people hear of it first; like 10`,
    });
  });

const backups = z
  .strictObject({
    contents: z.array(oneOf(["database", "filestore", "instance"])),
    schedules: z.array(schedule),
    rotation: z
      .strictObject({
        perDay: whole(1, 24),
        days: whole(0, 366),
        weeks: whole(0, 53),
        months: whole(0, 120),
        count: whole(1, 1000),
        oldestMonths: whole(0, 120),
      })
      .refine(({ perDay, days }) => perDay * days <= MOST_BACKUPS, {
        path: ["days"],
        error: `at most ${MOST_BACKUPS} / perDay`,
      })
      .exactOptional(),
    instanceVersions: whole(1, 100).exactOptional(),
    instanceSchedule: z
      .strictObject({ every: period, at: times.exactOptional() })
      .refine(hasNoTimesInHours, TIMES_IN_HOURS)
      .exactOptional(),
  })
  .refine(
    ({ instanceVersions, instanceSchedule }) =>
      instanceVersions !== undefined || instanceSchedule === undefined,
    {
      path: ["instanceSchedule"],
      error: "left out without `instanceVersions`, which says how many images stay",
    },
  );

const always = z.literal(true, { error: "true; leave the key out if it is not promised" });
const flag = z.boolean({ error: "true or false" });

/** A complete plan without its name, which is its key. */
export const planSchema = z.strictObject({
  timezone: timeZone
    .describe("By whose clocks months of its instances begin and end; default: the provider's")
    .exactOptional(),
  holidays: country
    .describe("Country whose public holidays are local ones; default: the provider's")
    .exactOptional(),
  watch,
  multiAz: z.strictObject({ required: flag, waitSeconds: seconds(0, 3600) }),
  serverLoss: recovery.exactOptional(),
  siteLoss: recovery.exactOptional(),
  leastTtlSeconds: seconds(1, 86_400).exactOptional(),
  approval: approval.exactOptional(),
  escalateAfterMinutes: whole(1, 1440).exactOptional(),
  storage: storage.exactOptional(),
  availability: availability.exactOptional(),
  residency: z
    .strictObject({
      home: places,
      standby: places,
      backups: places,
      together: flag.exactOptional(),
    })
    .exactOptional(),
  replication: oneOf(["near-real-time", "real-time", "hardware"]).exactOptional(),
  backups: backups.exactOptional(),
  snapshotSimulation: always.exactOptional(),
  copies: z
    .strictObject({ places: whole(1, 10), awayFromProduction: flag.exactOptional() })
    .exactOptional(),
  frozen: z.strictObject({ immutable: always }).exactOptional(),
  downloads: oneOf(["any-time", "by-agreement", "own-destination"]).exactOptional(),
  restoreTests: z.strictObject({ every: z.union([period, z.literal("unstated")]) }).exactOptional(),
  imageTests: z
    .strictObject({ every: period })
    .describe("How often a machine is started from an image, sealed off; default: never")
    .exactOptional(),
  backupMonitoring: z.strictObject({ hours: oneOf(["24/7"]), dashboard: flag }).exactOptional(),
  encryption: z
    .strictObject({
      atRest: flag.exactOptional(),
      inTransit: flag,
      grade: oneOf(["A"]).exactOptional(),
      leastCertificateBits: whole(2048, 16_384).exactOptional(),
    })
    .exactOptional(),
  isolation: oneOf(["database-per-customer", "environment-per-instance"]).exactOptional(),
  maintenance: maintenance.exactOptional(),
  support: support.exactOptional(),
  credits: credits.exactOptional(),
  leaving: oneOf(["monthly", "end-of-month"]).exactOptional(),
});
