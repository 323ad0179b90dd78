import { createHash } from "node:crypto";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { streamInLanes } from "../kernel/lanes.ts";
import type { Text } from "../kernel/packed-text.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { MailMarks } from "../ledger/mail-marks.ts";
import type { Published } from "./contract.ts";
import { lastDayOf } from "./days.ts";
import type { Library, Post, ReportMail } from "./ports.ts";
import { sha256 } from "./sha256.ts";

/** A month as it goes out: every instance's documents, the fleet's, and who is told; each is asked for once, when it is due. */
export interface Issue {
  /** The UTC day with which the months end that are in it, while others wait for a later one. Absent: none waits. */
  readonly through?: string;
  readonly documents: AsyncGenerator<ReportDocument> | Iterable<ReportDocument>;
  /** Asked for when all documents lie there. */
  readonly mails: Iterable<Letter>;
}

/** A mail without the page of its instance, which lies in the library by then. */
interface Letter extends Omit<ReportMail, "attached"> {
  /** What the page is called there. */
  readonly file: string;
}

interface ReportDocument {
  /** Of an instance, or what stands for all of them. */
  readonly name: string;
  readonly form: "json" | "html" | "csv";
  readonly text: Text;
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
  readonly state: "published" | "published before" | "not all of it" | "as far as it is over";
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
 * and twice only if the function dies between sending and marking. Where instances wait whose month ends later, the others' is out
 * first, and the month as a whole with the last.
 *
 * @param compose is asked only if the month was not published before
 */
export async function publish(
  month: string,
  ports: PublishPorts,
  compose: () => Promise<Issue>,
): Promise<PublishReport> {
  const { ledger, clock } = ports;
  const before = { month, mails: 0, failures: [], stood: [] };
  if (await ledger.read<Published>(keys.published(month))) {
    return { ...before, state: "published before" };
  }
  const { documents, mails, through } = await compose();
  const mark =
    through === undefined ? keys.published(month) : keys.publishedThrough(month, through);
  const done = through === undefined ? "published" : "as far as it is over";
  if (through !== undefined && (await ledger.read<Published>(mark))) {
    return { ...before, state: done };
  }
  const laid: { readonly key: string; readonly sha256: string; readonly isOurs: boolean }[] = [];
  await streamInLanes(LANES, documents, async (each) => {
    laid.push(await lay(month, each, ports.library));
  });
  laid.sort((one, other) => (one.key < other.key ? -1 : 1));
  const stood = laid.filter(({ isOurs }) => !isOurs).map(({ key }) => key);
  const { failures, count } = await send(month, mails, ports);
  if (failures.length > 0) return { month, state: "not all of it", mails: count, failures, stood };
  const part = await ledger.read<Published>(keys.publishedThrough(month, lastDayOf(month)));
  // What was published first stays what it was then, whatever lies there now.
  const earlier = part?.value.documents ?? {};
  const published: Published = {
    ...{ month, at: clock.now().toISOString() },
    documents: { ...Object.fromEntries(laid.map((each) => [each.key, each.sha256])), ...earlier },
  };
  await ledger.create(mark, published);
  return { month, state: done, mails: count, failures, stood };
}

/** What is not out ends the invocation as failed, after all it could do: an alarm counts those. */
export function allPublished(report: PublishReport): PublishReport {
  if (report.failures.length === 0) return report;
  throw new SlaError("NotAllPublished", "cloud", report.failures.join("; "));
}

/** What was laid down first stands, also if something else would follow now. */
async function lay(month: string, { name, form, text }: ReportDocument, library: Library) {
  const key = keys.report(month, name, form);
  if (await library.create(key, text, TYPES[form])) {
    return { key, sha256: sha256(text), isOurs: true };
  }
  const there = await library.sha256(key);
  if (there !== undefined) return { key, sha256: there, isOurs: there === sha256(text) };
  const why = `${key}: S3 took it from nobody yet, and the next pass lays it down`;
  throw new SlaError("NotAllPublished", "cloud", why);
}

async function send(month: string, letters: Iterable<Letter>, ports: PublishPorts) {
  const { ledger, clock, post } = ports;
  if (!post) return { count: 0, failures: [] };
  const marks = new MailMarks(ledger, clock);
  const failures: string[] = [];
  let count = 0;
  await streamInLanes(MAILS_AT_ONCE, letters, async (letter) => {
    const key = keys.reportMail(month, letter.instance, nameOf(letter.to));
    const claim = await marks.claim(key);
    if (claim === "theirs") failures.push(`${key}: somebody else is sending it`);
    if (claim !== "ours") return;
    const why = await withPage(month, letter, ports.library)
      .then(post)
      .then(
        () => undefined,
        (cause: Error) => cause.message,
      );
    await marks.settle(key, why === undefined ? "sent" : "failed");
    if (why === undefined) count += 1;
    else failures.push(`${key}: ${why}`);
  });
  return { count, failures };
}

/** Everybody has the page that lies there. */
async function withPage(month: string, { file, ...mail }: Letter, library: Library) {
  const key = keys.report(month, mail.instance, "html");
  const text = await library.text(key);
  if (text !== undefined) return { ...mail, attached: { name: file, text } };
  throw new SlaError(
    "LedgerBroken",
    "operator",
    `${key}: was laid down, and is not there any more`,
  );
}

/** An address in a key says nothing to whoever lists them. */
const nameOf = (address: string) =>
  createHash("sha256").update(address.toLowerCase()).digest("hex").slice(0, 16);
