import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { type Email, PostOffice } from "../../../lib/local-cloud/mail/post-office.ts";

const email: Email = {
  service: "sns",
  from: { name: "AWS Notifications", address: "no-reply@sns.amazonaws.com" },
  to: "it@acme.example.ch",
  subject: "Down: ../../etc & co",
  text: "The database is down.",
  region: "eu-central-1",
  trace: undefined,
  event: "EmailDelivered",
};

function office(smtp?: { host: string; port: number }) {
  const directory = mkdtempSync(join(tmpdir(), "post-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const log = new EventLog();
  return { directory, log, post: new PostOffice({ log, directory, ...(smtp && { smtp }) }) };
}

/** The least a mail server says; keeps all it hears. */
async function mailServer() {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.write("220 ready\r\n");
    socket.on("data", (bytes) => {
      const text = String(bytes);
      heard.push(text);
      if (/^DATA/.test(text)) socket.write("354 go on\r\n");
      else if (/^QUIT/.test(text)) socket.end("221 bye\r\n");
      else if (/^(EHLO|MAIL|RCPT)/.test(text) || text.endsWith("\r\n.\r\n"))
        socket.write("250 ok\r\n");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  return { heard, port: (server.address() as AddressInfo).port };
}

test("file names hold the order, the recipient and the subject, and stay in their directory", async () => {
  const { directory, post } = office();
  post.send(email);
  post.send({ ...email, to: "../x/y@b.example", subject: "!" });
  await post.settled();
  expect(readdirSync(directory).toSorted()).toEqual([
    "0001-it@acme.example.ch-down-etc-co.eml",
    "0002-.._x_y@b.example-no-subject.eml",
  ]);
});

test("a mail server gets every mail too", async () => {
  const { heard, port } = await mailServer();
  const { directory, post } = office({ host: "127.0.0.1", port });
  post.send(email);
  await post.settled();
  expect(heard.join("")).toContain("RCPT TO:<it@acme.example.ch>");
  expect(heard.join("")).toContain("The database is down.");
  expect(readdirSync(directory)).toHaveLength(1);
});

test("a mail server that is not there loses no file and is told in the event log", async () => {
  const { directory, log, post } = office({ host: "127.0.0.1", port: 1 });
  post.send(email);
  await post.settled();
  expect(readdirSync(directory)).toHaveLength(1);
  expect(log.all().map(({ operation }) => operation)).toEqual(["EmailDelivered", "EmailFailed"]);
});
