import { createHash } from "node:crypto";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { MailMarks } from "../ledger/mail-marks.ts";
import type { Published } from "./contract.ts";
import type { Library, Post, ReportMail } from "./ports.ts";
import { sha256 } from "./sha256.ts";

/** A month as it goes out: every instance's documents, the fleet's, and who is told. */
export interface Issue {
  readonly documents: readonly ReportDocument[];
  readonly mails: readonly ReportMail[];
}

interface ReportDocument {
  /** Of an instance, or what stands for all of them. */
  readonly name: string;
  readonly form: "json" | "html" | "csv";
  readonly text: string;
}

export interface PublishPorts {
  readonly ledger: Ledger;
  readonly library: Library;
  readonly clock: Clock;
  /** Undefined where the fleet names no sender. */
  readonly post: Post | undefined;
}

export interface PublishReport {
  readonly month: string;
  readonly state: "published" | "published before" | "not all of it";
  readonly mails: number;
  /** What did not leave; the next pass sends it. */
  readonly failures: readonly string[];
  /** Keys of documents that an earlier pass laid down and that would be others now: those stand. */
  readonly stood: readonly string[];
}

const LANES = 16;
/** SES sends one a second until somebody asks for more. */
const MAILS_AT_ONCE = 1;
const TYPES = {
  json: "application/json",
  html: "text/html; charset=utf-8",
  csv: "text/csv; charset=utf-8",
};

/**
 * Publishes a month once. A document that lies there stays as it was published; a mail leaves once for each recipient,
 * and twice only if the function dies between sending and marking.
 *
 * @param compose is asked only if the month was not published before
 */
export async function publish(
  month: string,
  ports: PublishPorts,
  compose: () => Promise<Issue>,
): Promise<PublishReport> {
  const { ledger, clock } = ports;
  if (await ledger.read<Published>(keys.published(month))) {
    return { month, state: "published before", mails: 0, failures: [], stood: [] };
  }
  const { documents, mails } = await compose();
  const laid = await inLanes(LANES, documents, (each) => lay(month, each, ports.library));
  const stood = laid.filter(({ isOurs }) => !isOurs).map(({ key }) => key);
  const pages = new Map(laid.map(({ key, text }) => [key, text]));
  const { failures, count } = await send(month, withPages(month, mails, pages), ports);
  if (failures.length > 0) return { month, state: "not all of it", mails: count, failures, stood };
  const published: Published = {
    ...{ month, at: clock.now().toISOString() },
    documents: Object.fromEntries(laid.map(({ key, text }) => [key, sha256(text)])),
  };
  await ledger.create(keys.published(month), published);
  return { month, state: "published", mails: count, failures, stood };
}

/** What is not out ends the invocation as failed, after all it could do: an alarm counts those. */
export function allPublished(report: PublishReport): PublishReport {
  if (report.failures.length === 0) return report;
  throw new SlaError("NotAllPublished", "cloud", report.failures.join("; "));
}

/** What was laid down first stands, also if something else would follow now. */
async function lay(month: string, { name, form, text }: ReportDocument, library: Library) {
  const key = keys.report(month, name, form);
  if (await library.create(key, text, TYPES[form])) return { key, text, isOurs: true };
  const there = await library.text(key);
  return { key, text: there ?? text, isOurs: there === text };
}

/** Everybody has the page that lies there. */
const withPages = (
  month: string,
  mails: readonly ReportMail[],
  pages: ReadonlyMap<string, string>,
): readonly ReportMail[] =>
  mails.map((mail) => {
    const text = pages.get(keys.report(month, mail.instance, "html")) ?? mail.attached.text;
    return { ...mail, attached: { ...mail.attached, text } };
  });

async function send(month: string, mails: readonly ReportMail[], ports: PublishPorts) {
  const { ledger, clock, post } = ports;
  if (!post) return { count: 0, failures: [] };
  const marks = new MailMarks(ledger, clock);
  const failures: string[] = [];
  let count = 0;
  await inLanes(MAILS_AT_ONCE, mails, async (mail) => {
    const key = keys.reportMail(month, mail.instance, nameOf(mail.to));
    const claim = await marks.claim(key);
    if (claim === "theirs") failures.push(`${key}: somebody else is sending it`);
    if (claim !== "ours") return;
    const why = await post(mail).then(
      () => undefined,
      (cause: Error) => cause.message,
    );
    await marks.settle(key, why === undefined ? "sent" : "failed");
    if (why === undefined) count += 1;
    else failures.push(`${key}: ${why}`);
  });
  return { count, failures };
}

/** An address in a key says nothing to whoever lists them. */
const nameOf = (address: string) =>
  createHash("sha256").update(address.toLowerCase()).digest("hex").slice(0, 16);
