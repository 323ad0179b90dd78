import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ses from "@aws-sdk/client-sesv2";
import { afterAll, describe, expect, it } from "vitest";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { PostOffice } from "../../../lib/local-cloud/mail/post-office.ts";
import { sesService } from "../../../lib/local-cloud/ses/service.ts";
import { running } from "../wire/running.ts";

const directory = mkdtempSync(join(tmpdir(), "ses-"));
const log = new EventLog();
const post = new PostOffice({ log, directory });
const cloud = await running([sesService({ post }).definition]);
const here = new ses.SESv2Client(cloud.client("eu-west-1"));
const there = new ses.SESv2Client(cloud.client("eu-central-1"));
afterAll(async () => {
  await cloud.server.close();
  rmSync(directory, { recursive: true });
});

const send = (FromEmailAddress: string, client = here, to = ["it@acme.example"]) =>
  client.send(
    new ses.SendEmailCommand({
      FromEmailAddress,
      Destination: { ToAddresses: to },
      Content: {
        Simple: {
          Subject: { Data: "Oktober: 99,95 %" },
          Body: { Text: { Data: "Gehalten." }, Html: { Data: "<p>Gehalten.</p>" } },
          Attachments: [{ FileName: "acme.html", RawContent: Buffer.from("<h1>Oktober</h1>") }],
        },
      },
    }),
  );

describe("a mail by SES", () => {
  it("leaves only for a sender that was made known in its region", async () => {
    await expect(send("sla@mintsys.example")).rejects.toMatchObject({
      name: "MessageRejected",
      message: expect.stringContaining("region EU-WEST-1: sla@mintsys.example"),
    });
    await here.send(new ses.CreateEmailIdentityCommand({ EmailIdentity: "mintsys.example" }));
    const { MessageId } = await send("Mintsys <sla@mintsys.example>");
    expect(MessageId).toMatch(/^[\w-]+$/);
    await post.settled();
    const [file = ""] = readdirSync(directory);
    const mail = readFileSync(join(directory, file), "utf8");
    expect(mail).toMatch(/^From: Mintsys <sla@mintsys\.example>$/m);
    expect(mail).toMatch(
      /Content-Type: text\/plain[\s\S]*Gehalten\.[\s\S]*Content-Type: text\/html/,
    );
    expect(mail).toMatch(/filename=acme\.html/);
    expect(mail).toContain(Buffer.from("<h1>Oktober</h1>").toString("base64"));
    await expect(send("sla@mintsys.example", there)).rejects.toThrow(/not verified/);
  });

  it("is one for each recipient, and none without", async () => {
    const before = readdirSync(directory).length;
    await send("sla@mintsys.example", here, ["a@acme.example", "b@acme.example"]);
    await post.settled();
    expect(readdirSync(directory)).toHaveLength(before + 2);
    await expect(send("sla@mintsys.example", here, [])).rejects.toThrow(/Destination is empty/);
  });

  it("has a sender that is looked up, and made once", async () => {
    const EmailIdentity = "reports@mintsys.example";
    await expect(
      here.send(new ses.GetEmailIdentityCommand({ EmailIdentity })),
    ).rejects.toMatchObject({ name: "NotFoundException" });
    await here.send(new ses.CreateEmailIdentityCommand({ EmailIdentity }));
    expect(await here.send(new ses.GetEmailIdentityCommand({ EmailIdentity }))).toMatchObject({
      ...{ IdentityType: "EMAIL_ADDRESS", VerifiedForSendingStatus: true },
    });
    await expect(
      here.send(new ses.CreateEmailIdentityCommand({ EmailIdentity })),
    ).rejects.toMatchObject({ name: "AlreadyExistsException" });
  });
});
