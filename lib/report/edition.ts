import type { MonthRecord } from "../books/month-record.ts";
import { monthReportCsv } from "../books/month-report-csv.ts";
import { monthRecordText } from "../books/month-report-json.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { languageOf } from "../sla/language.ts";
import { monthMail } from "./mail.ts";
import { type PagesWish, recordOf, reportPages } from "./pages.ts";
import { speakerOf } from "./speaker.ts";

/** Under which name the documents of the whole fleet lie; no instance may have it. */
export const INDEX = "index";

/** Something to be laid down as `<name>.<form>`. */
export interface EditionDocument {
  readonly name: string;
  readonly form: "json" | "html" | "csv";
  readonly text: string;
}

export interface EditionMail {
  readonly instance: string;
  /** A mail address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The page of the instance. */
  readonly attached: { readonly name: string; readonly text: string };
}

/** A month as it goes out. */
export interface Edition {
  readonly documents: readonly EditionDocument[];
  readonly mails: readonly EditionMail[];
}

/** The documents of each instance and of the fleet, and a mail with its page for each contact of an instance. */
export function editionOf(record: MonthRecord, wish: PagesWish, fleet: Fleet): Edition {
  const documents: EditionDocument[] = [];
  const mails: EditionMail[] = [];
  for (const { instance, page } of reportPages(record, wish, fleet)) {
    const own = instance ? recordOf(record, instance.id) : record;
    const name = instance?.id ?? INDEX;
    documents.push(
      { name, form: "json", text: `${monthRecordText(own)}\n` },
      {
        name,
        form: "csv",
        text: monthReportCsv(own)
          .map((line) => `${line}\r\n`)
          .join(""),
      },
      { name, form: "html", text: page },
    );
    if (instance) mails.push(...mailsOf(record, instance, page, wish, fleet));
  }
  return { documents, mails };
}

function mailsOf(
  record: MonthRecord,
  instance: Instance,
  page: string,
  { timezone, span }: PagesWish,
  { provider }: Fleet,
): readonly EditionMail[] {
  const [settled] = recordOf(record, instance.id).instances;
  if (!settled) return [];
  const file = `${instance.id}-${record.month}.html`;
  const speaker = speakerOf(languageOf(provider, instance), timezone, span);
  const shown = { month: record.month, provider: provider.name, settled, report: { file } };
  const mail = monthMail(shown, speaker);
  return instance.contacts.map((to) => ({
    ...{ instance: instance.id, to },
    ...mail,
    attached: { name: file, text: page },
  }));
}
