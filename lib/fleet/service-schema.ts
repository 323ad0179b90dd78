import { z } from "zod";
import { EXCLUSIONS } from "../sla/service-terms.ts";
import { country, creditShare, oneOf, percent, seconds, text, timeZone, whole } from "./scalars.ts";

const flag = z.boolean({ error: "true or false" });
const timeOfDay = text('a time of day in quotes, like "08:00"', /^([01]\d|2[0-3]):[0-5]\d$/);

export const availability = z.strictObject({
  objectivePercent: percent,
  mostUnobservedMinutes: whole(0, 44_700).exactOptional(),
  exclusions: z.array(oneOf(EXCLUSIONS)),
});

export const maintenance = z.strictObject({
  noticeHours: whole(1, 8760).exactOptional(),
  channels: z.array(oneOf(["e-mail", "status-feed"])),
  outsideBusinessHours: flag,
  usuallyUnderSeconds: seconds(1).exactOptional(),
  usually: oneOf(["monthly"]).exactOptional(),
});

const priority = z.literal([1, 2, 3, 4], { error: "a priority from 1 to 4" });

const firstReply = z.strictObject({
  priority,
  within: z.strictObject({ amount: whole(1, 1000), unit: oneOf(["minutes", "hours", "days"]) }),
  clock: oneOf(["24/7", "business-hours"]),
  onlyWithPaging: flag.exactOptional(),
});

const supportTerms = z.strictObject({
  hours: z
    .strictObject({
      weekdays: z.array(whole(1, 7)).min(1, { error: "at least one ISO weekday, Monday is 1" }),
      from: timeOfDay,
      to: timeOfDay,
      timezone: z.union([z.literal("local"), timeZone], { error: "an IANA time zone, or local" }),
      holidays: z.union([z.literal("local"), country], {
        error: "an ISO country code whose public holidays are known, like BE, or local",
      }),
    })
    .refine(({ from, to }) => from < to, { path: ["to"], error: "a time of day later than from" }),
  productionMonitored: oneOf(["24/7"]).exactOptional(),
  replies: z.array(firstReply).exactOptional(),
  callFor: z.array(priority).exactOptional(),
});

/** Nobody can be called before a reply is missed that nobody was promised. */
export const support = supportTerms.superRefine(({ replies = [], callFor = [] }, context) => {
  const promised = [...new Set(replies.map((reply) => reply.priority))].toSorted((a, b) => a - b);
  for (const [index, each] of callFor.entries()) {
    const isTwice = callFor.indexOf(each) < index;
    if (!isTwice && promised.includes(each)) continue;
    const message = isTwice
      ? "each priority once"
      : `a priority that replies: promises (${promised.join(", ") || "none yet"}); [] calls nobody`;
    context.addIssue({ code: "custom", path: ["callFor", index], message, input: each });
  }
});

const band = z
  .strictObject({ belowPercent: percent, fromPercent: percent, creditPercent: creditShare })
  .refine(({ belowPercent, fromPercent }) => Number(fromPercent) < Number(belowPercent), {
    path: ["fromPercent"],
    error: "a percentage smaller than belowPercent",
  });

const eligibility = z
  .strictObject({
    trialDays: whole(1, 366)
      .describe("Since it began: a month that lay in them wholly earns nothing")
      .exactOptional(),
    tenureMonths: whole(1, 60).describe("Since it began, by the month's end").exactOptional(),
    untilMonthEnd: z
      .literal(true, { error: "true; leave the key out where who left may claim as well" })
      .describe("Not for who left before the month ended")
      .exactOptional(),
    written: z
      .array(text("one line of up to 200 characters", /^(?=.*\S)[^\p{Cc}\u2028\u2029]{1,200}$/u))
      .min(1, { error: "at least one condition, or leave it out" })
      .max(20, { error: "at most 20 conditions" })
      .describe("What only a person can check, in words")
      .exactOptional(),
  })
  .describe("Who may claim: all of it has to be met");

export const credits = z.strictObject({
  bands: z.array(band),
  capPercent: whole(1, 100),
  claimDays: whole(1, 366),
  eligibility: eligibility.exactOptional(),
});
