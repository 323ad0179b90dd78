import { type Money, moneyText } from "../sla/books/money.ts";
import type { Span } from "../sla/books/month.ts";
import type { Language } from "../sla/language.ts";
import type { Period } from "../sla/plan.ts";
import type { Given, Key } from "./words/catalogue.ts";
import { CATALOGUES } from "./words/catalogues.ts";
import type { Message } from "./words/message.ts";

/** Numbers and dates of English are European: a day before its month, 24 hours. */
const LOCALES: Readonly<Partial<Record<Language, string>>> = { en: "en-GB" };

/** Says things in one language, and tells the time of one zone. */
export interface Speaker {
  readonly language: Language;
  /** A message of the catalogue, its placeholders filled. */
  say<K extends Key>(key: K, ...given: Given<K>): string;
  /** What stands before a value: `Credit:`. */
  label(name: string): string;
  number(amount: number): string;
  /** Of a text like `99.899103`: every digit that it has and no other. */
  percent(text: string): string;
  money(money: Money): string;
  minutes(amount: number): string;
  /** `23 min 4 sec`, rounded up to whole seconds. */
  duration(seconds: number): string;
  /** `3 months` */
  period(period: Period): string;
  /** Of `2026-10`. */
  month(month: string): string;
  /** Of `2026-10-25`, with its day of the week. */
  day(day: string): string;
  /** Of ms or ISO 8601, to the minute. */
  instant(at: number | string): string;
  /** Likewise, to the second. */
  moment(at: string): string;
  /** The same without its day. */
  time(at: string): string;
  /** `5 Oct 2026, 10:00 – 10:15` */
  range(span: Span): string;
  list(parts: readonly string[]): string;
}

/** The same speaker for each language, zone and month: formats of a language take milliseconds to make. */
export function speakersOf(): typeof speakerOf {
  const known = new Map<string, Speaker>();
  return (language, timeZone, month) => {
    const name = `${language} ${timeZone} ${month.fromMs} ${month.toMs}`;
    const speaker = known.get(name) ?? speakerOf(language, timeZone, month);
    known.set(name, speaker);
    return speaker;
  };
}

/** @param month what is told about: where its clocks are put forward or back, every time says its offset */
export function speakerOf(language: Language, timeZone: string, month: Span): Speaker {
  const locale = LOCALES[language] ?? language;
  const plural = new Intl.PluralRules(locale);
  const format = new Intl.NumberFormat(locale);
  const clock = clockOf(locale, timeZone, month);
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  const unit = unitsOf(locale);
  const filled = (text: string, given: Readonly<Record<string, string | number>>) =>
    text.replaceAll(/\{(\w+)\}/g, (_, slot: string) => {
      const value = given[slot] ?? "";
      return typeof value === "number" ? format.format(value) : value;
    });
  return {
    language,
    say: (key, ...[given = {}]) => {
      const message: Message = CATALOGUES[language][key];
      if (typeof message === "string") return filled(message, given);
      const category = plural.select("n" in given ? Number(given.n) : 0);
      return filled(message[category] ?? message.other, given);
    },
    label: (name) => filled(CATALOGUES[language].labelled, { name, value: "" }).trimEnd(),
    number: (amount) => format.format(amount),
    percent: (text) => percentText(locale, text),
    money: (money) => moneyText(money, locale),
    minutes: (amount) => unit("minute", amount, "long"),
    duration: (seconds) => durationText(locale, unit, seconds),
    period: (period) => periodText(unit, period),
    list: (parts) => list.format(parts),
    ...clock,
  };
}

type Units = ReturnType<typeof unitsOf>;

/** Each format is made once. */
function unitsOf(locale: string) {
  const known = new Map<string, Intl.NumberFormat>();
  return (unit: string, amount: number, unitDisplay: "long" | "short"): string => {
    const name = `${unit} ${unitDisplay}`;
    const format =
      known.get(name) ?? new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay });
    known.set(name, format);
    return format.format(amount);
  };
}

/** Nothing is rounded: as many places as were written, and text instead of a number. */
function percentText(locale: string, text: string): string {
  const places = text.split(".")[1]?.length ?? 0;
  const style = { style: "unit", unit: "percent" } as const;
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  const format = new Intl.NumberFormat(locale, { ...style, ...digits });
  return format.format(text as Intl.StringNumericLiteral);
}

const SIZES = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

function durationText(locale: string, unit: Units, seconds: number): string {
  let rest = Math.ceil(seconds);
  // A day is said in hours, as it was promised.
  const sizes = rest < 2 * 86_400 ? SIZES.slice(1) : SIZES;
  const parts = sizes.flatMap(([name, size]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return amount > 0 ? [unit(name, amount, "short")] : [];
  });
  if (parts.length === 0) return unit("second", 0, "short");
  return new Intl.ListFormat(locale, { type: "unit", style: "narrow" }).format(parts);
}

const PERIODS = { h: "hour", d: "day", w: "week", mo: "month" } as const;

function periodText(unit: Units, period: Period): string {
  const [, amount, name] = /^(\d+)(h|d|w|mo)$/.exec(period) ?? [];
  return unit(PERIODS[name as keyof typeof PERIODS], Number(amount), "long");
}

function clockOf(locale: string, timeZone: string, { fromMs, toMs }: Span) {
  const offsets = new Intl.DateTimeFormat("en", {
    ...{ timeZone, timeZoneName: "longOffset", hour: "2-digit" },
  });
  const offsetAt = (ms: number) =>
    offsets.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value;
  const isPutBack = offsetAt(fromMs) !== offsetAt(toMs);
  const zone = { timeZone, ...(isPutBack && { timeZoneName: "short" as const }) };
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const date = { day: "numeric", month: "short", year: "numeric" } as const;
  const instants = new Intl.DateTimeFormat(locale, { ...date, ...time, ...zone });
  const times = new Intl.DateTimeFormat(locale, { ...time, second: "2-digit", ...zone });
  const utc = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  const months = utc({ month: "long", year: "numeric" });
  const days = utc({ weekday: "short", day: "numeric", month: "short" });
  const moments = new Intl.DateTimeFormat(locale, { ...date, ...time, second: "2-digit", ...zone });
  const instant = (at: number | string) => instants.format(new Date(at));
  return {
    instant,
    moment: (at: string) => moments.format(new Date(at)),
    time: (at: string) => times.format(new Date(at)),
    range: ({ fromMs: from, toMs: to }: Span) =>
      offsetAt(from) === offsetAt(to)
        ? instants.formatRange(from, to)
        : `${instant(from)} – ${instant(to)}`,
    month: (month: string) => months.format(new Date(`${month}-15T12:00Z`)),
    day: (day: string) => days.format(new Date(`${day}T12:00Z`)),
  };
}
