import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Post } from "../report/ports.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";

/** Mails of the provider's own sender. Rejects with `SenderUnverified` until somebody has followed SES's own mail. */
export function sesPost(clock: Clock, from: string): Post {
  const client = new SESv2Client(clientSettings(clock));
  const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });
  return async ({ to, subject, text, html, attached }) => {
    const mail = new SendEmailCommand({
      FromEmailAddress: from,
      Destination: { ToAddresses: [to] },
      Content: {
        Simple: {
          Subject: utf8(subject),
          Body: { Text: utf8(text), Html: utf8(html) },
          Attachments: [
            {
              FileName: attached.name,
              ContentType: "text/html; charset=utf-8",
              ContentDisposition: "ATTACHMENT",
              RawContent: Buffer.from(attached.text),
            },
          ],
        },
      },
    });
    try {
      await answered(`mail ${to} by SES`, client.send(mail));
    } catch (cause) {
      if (errorName(cause) !== "MessageRejected") throw cause;
      const why = `mail ${to} by SES: ${(cause as Error).message}`;
      throw new SlaError("SenderUnverified", "operator", why, { cause });
    }
  };
}
