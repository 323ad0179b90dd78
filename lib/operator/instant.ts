import { Temporal } from "temporal-polyfill";

/** Of these dates no month lacks one, so that the engine's own reading, ten times as fast, accepts no wrong one. */
const USUAL = /^\d{4}-\d\d-([01]\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?Z$/;

/** ISO 8601 with a zone, in ms; undefined if it is none. */
export function instantMs(text: string): number | undefined {
  const usual = USUAL.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(usual)) return usual;
  try {
    return Temporal.Instant.from(withT(text)).epochMilliseconds;
  } catch {
    return undefined;
  }
}

/** What to write instead of a text that is no instant. */
export function whyNoInstant(text: string, timezone: string): string {
  try {
    const local = Temporal.PlainDateTime.from(withT(text));
    const meant = local.toZonedDateTime(timezone).toString({ timeZoneName: "never" });
    return `'${text}' says no time zone; if it is a time of ${timezone}, say ${meant}`;
  } catch {
    return `'${text}' is no instant: expected ISO 8601 with a zone, like 2026-11-22T14:03:00+01:00`;
  }
}

/** `2026-11-22 14:03` is what people copy out of tables. */
const withT = (text: string) => text.trim().replace(" ", "T");
