import type { MonthRecord } from "../books/month-record.ts";
import { monthReportCsv } from "../books/month-report-csv.ts";
import type { Fleet } from "../sla/fleet.ts";
import { languageOf } from "../sla/language.ts";
import { monthMail } from "./mail.ts";
import { type PagesWish, recordOf, reportPages } from "./pages.ts";
import { speakersOf } from "./speaker.ts";

/** Under which name the documents of the whole fleet lie; no instance may have it. */
export const INDEX = "index";

/** Something to be laid down as `<name>.<form>`. */
export interface EditionDocument {
  readonly name: string;
  readonly form: "json" | "html" | "csv";
  readonly text: string;
}

/** It is sent with the page of the instance. */
export interface EditionMail {
  readonly instance: string;
  /** A mail address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** What the page is called there. */
  readonly file: string;
}

/** A month as it goes out. Each is made when it is asked for: those of a large fleet are more than should be held at once. */
export interface Edition {
  readonly documents: Iterable<EditionDocument>;
  readonly mails: Iterable<EditionMail>;
}

/** The documents of each instance and of the fleet, and a mail for each contact of an instance. */
export const editionOf = (record: MonthRecord, wish: PagesWish, fleet: Fleet): Edition => ({
  documents: { [Symbol.iterator]: () => documentsOf(record, wish, fleet) },
  mails: { [Symbol.iterator]: () => mailsOf(record, wish, fleet) },
});

function* documentsOf(
  record: MonthRecord,
  wish: PagesWish,
  fleet: Fleet,
): Generator<EditionDocument> {
  const months = new Map(record.instances.map((each) => [each.instance, each]));
  for (const { instance, page, json } of reportPages(record, wish, fleet)) {
    const settled = instance && months.get(instance.id);
    const own = settled ? recordOf(record, settled) : record;
    const name = instance?.id ?? INDEX;
    yield { name, form: "json", text: json };
    yield { name, form: "csv", text: csvOf(own) };
    yield { name, form: "html", text: page };
  }
}

const csvOf = (record: MonthRecord) =>
  monthReportCsv(record)
    .map((line) => `${line}\r\n`)
    .join("");

function* mailsOf(
  record: MonthRecord,
  { timezone, span, instances }: PagesWish,
  { provider }: Fleet,
): Generator<EditionMail> {
  const speakers = speakersOf(timezone, span);
  const months = new Map(record.instances.map((each) => [each.instance, each]));
  for (const instance of instances) {
    const settled = months.get(instance.id);
    if (!settled) continue;
    const file = `${instance.id}-${record.month}.html`;
    const shown = { month: record.month, provider: provider.name, settled, report: { file } };
    const mail = monthMail(shown, speakers(languageOf(provider, instance)));
    yield* instance.contacts.map((to) => ({ instance: instance.id, to, ...mail, file }));
  }
}
