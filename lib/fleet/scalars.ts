import { z } from "zod";
import { beginOf } from "../sla/books/service-span.ts";
import { DURATION_PATTERN, parseDuration } from "../sla/duration.ts";
import { LANGUAGES } from "../sla/language.ts";
import { PLACES, REGIONS, type Region } from "../sla/regions.ts";
import { hasKnownHolidays } from "../sla/support/holiday-countries.ts";

/** Every message completes "expected …". */
export const text = (expected: string, pattern: RegExp) =>
  z.string({ error: expected }).regex(pattern, { error: expected });

export const whole = (least: number, most: number, why?: string) => {
  const range = `a whole number from ${least} to ${most}`;
  const error = why === undefined ? range : `${range}: ${why}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

/** Above nothing, up to all: `5`, `12.5`, `33.33`. */
export const creditShare = (() => {
  const error = "a percentage above 0, up to 100, with at most two decimal places";
  return z
    .number({ error })
    .positive({ error })
    .max(100, { error })
    .refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-6, { error });
})();

/** A number of seconds or a duration such as `15s`, `5m`, `24h`, `7d`. */
export const seconds = (least: number, most = 31_622_400) => {
  const error = `seconds from ${least} to ${most}, or a duration like 15s, 5m, 24h, 7d`;
  const written = z.string({ error }).regex(DURATION_PATTERN, { error });
  return z
    .union([z.int({ error }), written], { error })
    .transform((value) => (typeof value === "number" ? value : parseDuration(value)))
    .refine((value) => value >= least && value <= most, { error });
};

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `one of ${values.join(", ")}` });

export const language = oneOf(LANGUAGES);

const regionNames = Object.keys(REGIONS) as [Region, ...Region[]];
export const region = z.enum(regionNames, {
  error: "a region of the public AWS partition, like eu-central-1",
});
export const place = z.enum(PLACES as [string, ...string[]], {
  error: "an ISO country code with an AWS region, or an area like Europe",
});

export const account = text("twelve digits in quotes", /^\d{12}$/);
export const percent = text(
  'a percentage in quotes, like "99.9"',
  /^(100(\.0{1,4})?|\d{1,2}(\.\d{1,4})?)$/,
);
export const email = text("an e-mail address", /^[^\s@<>]+@[^\s@<>.]+(\.[^\s@<>.]+)+$/);
export const hostName = text(
  "a DNS name in lower case, like db.acme.example.ch",
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
);
/** RDS's rule, and short enough for names of executions and snapshots made of it. */
export const identifier = (most: number) =>
  text(
    `a letter, then up to ${most - 1} lower-case letters, digits or single hyphens`,
    new RegExp(`^(?=.{1,${most}}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$`),
  );

/** What folders and files are called that belong to no instance: the fleet's report, the seals of frozen days, sites. */
const TAKEN: readonly string[] = ["index", "seals", ...regionNames];

export const instanceId = identifier(40).refine((id) => !TAKEN.includes(id), {
  error: "another name: this one is taken by what belongs to no instance (index, seals, regions)",
});

export const timeZone = z
  .string({ error: "an IANA time zone, like Europe/Zurich" })
  .refine(isTimeZone, { error: "an IANA time zone, like Europe/Zurich" });

export const country = z
  .string({ error: "an ISO country code whose public holidays are known, like BE" })
  .refine(hasKnownHolidays, {
    error: "an ISO country code whose public holidays are known, like BE",
  });

const SERVICE_TIME = "a day like 2026-10-15, or an instant like 2026-10-15T09:00:00+02:00";

export const serviceTime = z
  .string({ error: SERVICE_TIME })
  .refine(isServiceTime, { error: SERVICE_TIME });

function isServiceTime(text: string): boolean {
  try {
    return !Number.isNaN(beginOf(text, "UTC"));
  } catch {
    return false;
  }
}

export const webAddress = z
  .string({ error: "an http or https URL without credentials" })
  .refine(isWebAddress, { error: "an http or https URL without credentials" });

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isWebAddress(address: string): boolean {
  const url = URL.parse(address);
  if (!url || !/^https?:\/\//i.test(address)) return false;
  return url.username === "" && url.password === "";
}
