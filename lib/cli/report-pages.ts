import { join } from "node:path";
import { sha256 } from "../../functions/report/sha256.ts";
import type { InstanceRecord } from "../books/month-record.ts";
import type { OwnMonth } from "../books/month-report.ts";
import type { OpenMonth } from "../books/open-month.ts";
import { reportPages } from "../report/pages.ts";
import type { Fleet } from "../sla/fleet.ts";
import type { Language } from "../sla/language.ts";
import { pageDirectory, writePage } from "./write-page.ts";

interface PageFlags {
  readonly html: string;
  readonly instance?: string;
  readonly language?: Language;
  readonly began?: string;
  readonly ended?: string;
}

const INDEX = "index";

/** A file of the one instance, or a directory with `index.html` and a page for each as it comes. Throws UserError. */
export async function writeReport(
  open: OpenMonth,
  records: AsyncIterable<OwnMonth<InstanceRecord>>,
  fleet: Fleet,
  { html, instance: one, ...flags }: PageFlags,
): Promise<void> {
  const isOne = one !== undefined;
  if (!isOne) pageDirectory(html);
  const pages = reportPages(open, records, { ...flags, sha256 }, fleet);
  for await (const { instance, page } of pages) {
    if (!isOne) writePage(join(html, `${instance?.id ?? INDEX}.html`), page);
    else if (instance) writePage(html, page);
  }
}
