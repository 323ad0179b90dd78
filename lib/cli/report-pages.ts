import { join } from "node:path";
import { sha256 } from "../../functions/report/sha256.ts";
import type { MonthRecord } from "../books/month-record.ts";
import type { ReportWish } from "../books/month-report.ts";
import { reportPages } from "../report/pages.ts";
import type { Fleet } from "../sla/fleet.ts";
import type { Language } from "../sla/language.ts";
import { makeDirectory, writePage } from "./write-page.ts";

interface PageFlags {
  readonly html: string;
  readonly instance?: string;
  readonly language?: Language;
  readonly began?: string;
  readonly ended?: string;
}

const INDEX = "index";

/** A file of the one instance, or a directory with `index.html` and a page for each. Throws UserError. */
export function writeReport(
  record: MonthRecord,
  wish: ReportWish,
  fleet: Fleet,
  { html, instance: one, ...flags }: PageFlags,
): void {
  const isOne = one !== undefined;
  if (!isOne) makeDirectory(html);
  for (const { instance, page } of reportPages(record, { ...wish, ...flags, sha256 }, fleet)) {
    if (!isOne) writePage(join(html, `${instance?.id ?? INDEX}.html`), page);
    else if (instance) writePage(html, page);
  }
}
