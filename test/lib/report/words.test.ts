import { describe, expect, it, test } from "vitest";
import { speakerOf } from "../../../lib/report/speaker.ts";
import { CATALOGUES } from "../../../lib/report/words/catalogues.ts";
import type { Message } from "../../../lib/report/words/message.ts";
import { monthSpan } from "../../../lib/sla/books/month.ts";
import { LANGUAGES, type Language } from "../../../lib/sla/language.ts";

const textsOf = (message: Message) =>
  typeof message === "string" ? [message] : Object.values(message);
const slotsOf = (text: string) =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, slot]) => slot).toSorted();

/** A large fleet has more than a million of them. */
const OF_RECORDS = new Set<string>(["rounds", "notCounted"]);

describe.each(LANGUAGES)("the catalogue of %s", (language) => {
  const messages = Object.entries(CATALOGUES[language]) as [keyof typeof CATALOGUES.en, Message][];

  it("fills what English fills, and no placeholder twice", () => {
    for (const [key, message] of messages) {
      const english = new Set(textsOf(CATALOGUES.en[key]).flatMap(slotsOf));
      for (const text of textsOf(message)) {
        expect(`${key}: ${slotsOf(text)}`).toBe(`${key}: ${[...english].toSorted()}`);
      }
    }
  });

  it("has a text for each plural that its numbers need: up to a month of minutes, or any", () => {
    const rules = new Intl.PluralRules(language);
    const inAMonth = new Set(Array.from({ length: 45_000 }, (_, n) => rules.select(n)));
    const any = new Set(rules.resolvedOptions().pluralCategories);
    for (const [key, message] of messages) {
      if (typeof message === "string") continue;
      const needed = OF_RECORDS.has(key) ? any : inAMonth;
      expect(`${key}: ${Object.keys(message).toSorted()}`).toBe(
        `${key}: ${[...needed].toSorted()}`,
      );
    }
  });

  it("leaves nothing in English, empty, or with a space too many", () => {
    const same = messages.filter(
      ([key, message]) =>
        typeof message === "string" && message.length > 20 && message === CATALOGUES.en[key],
    );
    expect(language === "en" ? [] : same).toEqual([]);
    for (const text of messages.flatMap(([, message]) => textsOf(message))) {
      expect(text).toMatch(/^\S(.*\S)?$/s);
      expect(text).not.toMatch(/ {2}/);
    }
  });
});

const speak = (language: Language, month = "2026-11") =>
  speakerOf(language, "Europe/Zurich", monthSpan(month, "Europe/Zurich"));
/** Intl sets spaces of several widths. */
const plain = (text: string) => text.replaceAll(/[\u00A0\u2009\u202F]/g, " ");

test.each([
  ["en", "44,700", "99.899103%", "€1,234.50", "1 minute", "23 mins 4 secs", "3 months"],
  ["de", "44.700", "99,899103 %", "1.234,50 €", "1 Minute", "23 Min., 4 Sek.", "3 Monate"],
  ["fr", "44 700", "99,899103 %", "1 234,50 €", "1 minute", "23 min 4 s", "3 mois"],
  ["nl", "44.700", "99,899103%", "€ 1.234,50", "1 minuut", "23 min, 4 sec", "3 maanden"],
  ["sv", "44 700", "99,899103 %", "1 234,50 €", "1 minut", "23 min 4 s", "3 månader"],
  ["es", "44.700", "99,899103 %", "1234,50 €", "1 minuto", "23 min 4 s", "3 meses"],
  ["id", "44.700", "99,899103%", "€1.234,50", "1 menit", "23 mnt, 4 dtk", "3 bulan"],
] as const)("numbers of %s", (language, number, percent, money, minute, duration, period) => {
  const { number: write, ...say } = speak(language);
  expect(plain(write(44_700))).toBe(number);
  expect(plain(say.percent("99.899103"))).toBe(percent);
  expect(plain(say.money({ minor: 123_450n, currency: "EUR" }))).toBe(money);
  expect(plain(say.minutes(1))).toBe(minute);
  expect(plain(say.duration(1383.2))).toBe(duration);
  expect(plain(say.period("3mo"))).toBe(period);
});

test.each([
  ["en", "November 2026", "Wed 4 Nov", "4 Nov 2026, 10:05", "4 Nov 2026, 10:05–10:20"],
  ["de", "November 2026", "Mi., 4. Nov.", "4. Nov. 2026, 10:05", "4. Nov. 2026, 10:05–10:20 Uhr"],
  ["fr", "novembre 2026", "mer. 4 nov.", "4 nov. 2026, 10:05", "4 nov. 2026, 10:05 – 10:20"],
  ["nl", "november 2026", "wo 4 nov", "4 nov 2026, 10:05", "4 nov 2026, 10:05–10:20"],
  ["sv", "november 2026", "ons 4 nov.", "4 nov. 2026 10:05", "4 nov. 2026 10:05–10:20"],
  ["es", "noviembre de 2026", "mié, 4 nov", "4 nov 2026, 10:05", "4 nov 2026, 10:05–10:20"],
  ["id", "November 2026", "Rab, 4 Nov", "4 Nov 2026, 10.05", "4 Nov 2026 10.05–10.20"],
] as const)("dates of %s", (language, month, day, instant, range) => {
  const say = speak(language);
  const fromMs = Date.parse("2026-11-04T09:05Z");
  expect(say.month("2026-11")).toBe(month);
  expect(plain(say.day("2026-11-04"))).toBe(day);
  expect(plain(say.instant(fromMs))).toBe(instant);
  expect(plain(say.range({ fromMs, toMs: fromMs + 900_000 }))).toBe(range);
});

test("where clocks are put back the hour that comes twice is told apart", () => {
  const say = speak("de", "2026-10");
  const [first, second] = ["2026-10-25T00:30Z", "2026-10-25T01:30Z"] as const;
  expect(say.instant(first)).toBe("25. Okt. 2026, 02:30 MESZ");
  expect(say.instant(second)).toBe("25. Okt. 2026, 02:30 MEZ");
  expect(say.range({ fromMs: Date.parse(first), toMs: Date.parse(second) })).toBe(
    "25. Okt. 2026, 02:30 MESZ – 25. Okt. 2026, 02:30 MEZ",
  );
});

test.each([
  ["99.999999", "99,999999 %"],
  ["0.000000", "0,000000 %"],
  ["100.000000", "100,000000 %"],
  ["99.9", "99,9 %"],
  ["100", "100 %"],
])("a percentage of %s has the digits that it was given", (text, written) => {
  expect(plain(speak("de").percent(text))).toBe(written);
});

test.each([
  [0, "0 secs"],
  [0.2, "1 sec"],
  [1800.1, "30 mins 1 sec"],
  [86_400, "24 hrs"],
  [172_800, "2 days"],
])("%d seconds are never said to be less", (seconds, written) => {
  expect(plain(speak("en").duration(seconds))).toBe(written);
});

test("plurals are those of the language: French counts none as one", () => {
  expect(speak("fr").say("places", { n: 0 })).toBe("0 lieu");
  expect(speak("de").say("places", { n: 0 })).toBe("0 Orte");
  expect(
    speak("de").say("verdictHeldUnproven", { objective: "a", availability: "b", n: 1 }),
  ).toMatch(/aber 1 Minute wurde nicht beobachtet\.$/);
});

test("a message that lacks what it is filled with, or has too much, does not compile", () => {
  const { say } = speak("en");
  // @ts-expect-error the month is missing
  say("title", { instance: "acme" });
  // @ts-expect-error a plural needs its number
  say("places", { n: "3" });
  // @ts-expect-error nothing is filled in
  say("none", { n: 3 });
  expect(say("none")).toBe("none");
});

test("French has a space before its colon", () => {
  expect(plain(speak("fr").label("Avoir"))).toBe("Avoir :");
  expect(speak("de").label("Gutschrift")).toBe("Gutschrift:");
});

test("what is filled in is not filled again", () => {
  expect(speak("en").say("title", { instance: "{month}", month: "x" })).toBe(
    "{month}: availability in x",
  );
});
