import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import type { EventLog } from "../event-log.ts";

export interface Email {
  readonly service: "sns" | "ses";
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for whoever can show it. */
  readonly html?: string;
  readonly attachments?: readonly Attachment[];
  readonly region: string;
  /** Of the call that caused it. */
  readonly trace: string | undefined;
  /** What the event log calls its arrival. */
  readonly event: "EmailDelivered" | "ConfirmationSent";
}

interface Attachment {
  readonly filename: string;
  readonly content: Buffer;
  readonly contentType?: string;
}

export interface PostOfficeOptions {
  readonly log: EventLog;
  /** Where the `.eml` files go; made when needed. */
  readonly directory: string;
  /** A real mail server that gets every mail too. */
  readonly smtp?: { readonly host: string; readonly port: number };
}

const LONGEST_SLUG = 60;

/** Turns e-mails into numbered `.eml` files, in the order they were sent. */
export class PostOffice {
  readonly #options: PostOfficeOptions;
  readonly #composer = createTransport({ streamTransport: true, buffer: true, newline: "unix" });
  readonly #smtp: ReturnType<typeof createTransport> | undefined;
  #sent = 0;
  #queue: Promise<void> = Promise.resolve();

  constructor(options: PostOfficeOptions) {
    this.#options = options;
    this.#smtp = options.smtp && createTransport({ ...options.smtp, secure: false });
  }

  /** Returns at once, as AWS does. What fails is in the event log. */
  send(email: Email): void {
    this.#queue = this.#queue
      .then(() => this.#deliver(email))
      .catch((cause) => this.#record(email, "EmailFailed", { error: String(cause) }));
  }

  /** Resolves when everything sent so far has been delivered or has failed. */
  settled(): Promise<void> {
    return this.#queue;
  }

  async #deliver(email: Email): Promise<void> {
    const { from, to, subject, text, html, attachments } = email;
    const mail = {
      ...{ from, to, subject, text },
      ...(html !== undefined && { html }),
      ...(attachments && { attachments: [...attachments] }),
    };
    const { message } = await this.#composer.sendMail(mail);
    const number = String(++this.#sent).padStart(4, "0");
    const file = join(this.#options.directory, `${number}-${safe(to)}-${slug(subject)}.eml`);
    mkdirSync(this.#options.directory, { recursive: true });
    writeFileSync(file, message as Buffer);
    this.#record(email, email.event, { file });
    await this.#smtp?.sendMail(mail);
  }

  #record({ service, to, subject, region, trace }: Email, operation: string, detail: object): void {
    this.#options.log.record({
      service,
      operation,
      region,
      ...(trace !== undefined && { trace }),
      detail: { to, subject, ...detail },
    });
  }
}

const safe = (address: string) => address.replaceAll(/[^\w.@+-]/g, "_");

const slug = (subject: string) =>
  subject
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST_SLUG)
    .replaceAll(/^-|-$/g, "") || "no-subject";
