import { createTransport } from "nodemailer";
import { expect, test } from "vitest";
import { mailText } from "../../../lib/drill/mail-text.ts";

const composer = createTransport({ streamTransport: true, buffer: true, newline: "unix" });

test.for([
  ["a short text", "The failover stopped."],
  [
    "a command longer than a line of a mail",
    `aws stepfunctions start-execution --input '${JSON.stringify({ reason: "x=y ".repeat(40) })}'`,
  ],
  ["letters outside ASCII", "Zürich antwortet nicht: acht Minuten"],
])("%s is read as it was written", async ([, text = ""]) => {
  const { message } = await composer.sendMail({ to: "it@acme.example", subject: "halted", text });
  expect(mailText(String(message))).toBe(text);
});
