import { recordedMonths } from "../books/month-record.ts";
import type { InstanceFigures } from "../books/month-report.ts";
import { monthReportCsv } from "../books/month-report-csv.ts";
import type { OpenMonth } from "../books/open-month.ts";
import type { Fleet } from "../sla/fleet.ts";
import { languageOf } from "../sla/language.ts";
import { monthMail } from "./mail.ts";
import { type PagesWish, reportPages } from "./pages.ts";
import { speakersOf } from "./speaker.ts";

/** Under which name the documents of the whole fleet lie; no instance may have it. */
export const INDEX = "index";

/** Something to be laid down as `<name>.<form>`. */
export interface EditionDocument {
  readonly name: string;
  readonly form: "json" | "html" | "csv";
  /** In parts where it is long, made anew whenever they are asked for. */
  readonly text: string | Iterable<string>;
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
  readonly documents: AsyncGenerator<EditionDocument>;
  /** Of those whose documents were asked for. */
  readonly mails: Iterable<EditionMail>;
}

/** The documents of each instance and, where none waits, of the fleet, and a mail for each contact of an instance; once. */
export function editionOf(open: OpenMonth, wish: PagesWish, fleet: Fleet): Edition {
  const told: InstanceFigures[] = [];
  return {
    documents: documentsOf(open, wish, fleet, told),
    mails: { [Symbol.iterator]: () => mailsOf(open, told, fleet) },
  };
}

async function* documentsOf(
  open: OpenMonth,
  wish: PagesWish,
  fleet: Fleet,
  told: InstanceFigures[],
): AsyncGenerator<EditionDocument> {
  const pages = reportPages(open, recordedMonths(open), wish, fleet);
  for await (const { instance, page, json, figures } of pages) {
    if (instance) told.push(...figures);
    const name = instance?.id ?? INDEX;
    yield { name, form: "json", text: json };
    yield { name, form: "csv", text: csvOf(open, figures) };
    yield { name, form: "html", text: page };
  }
}

const csvOf = (open: OpenMonth, figures: readonly InstanceFigures[]) =>
  monthReportCsv(open, figures)
    .map((line) => `${line}\r\n`)
    .join("");

function* mailsOf(
  { month, instances }: OpenMonth,
  told: readonly InstanceFigures[],
  { provider }: Fleet,
): Generator<EditionMail> {
  const speakers = speakersOf();
  const months = new Map(told.map((each) => [each.instance, each]));
  for (const { instance, asked } of instances) {
    const settled = months.get(instance.id);
    if (!settled) continue;
    const file = `${instance.id}-${month}.html`;
    const shown = { month, provider: provider.name, settled, report: { file } };
    const mail = monthMail(
      shown,
      speakers(languageOf(provider, instance), settled.timezone, asked),
    );
    yield* instance.contacts.map((to) => ({ instance: instance.id, to, ...mail, file }));
  }
}
