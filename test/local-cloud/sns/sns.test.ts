import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as sns from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { PostOffice } from "../../../lib/local-cloud/mail/post-office.ts";
import { snsService } from "../../../lib/local-cloud/sns/service.ts";
import { running } from "../wire/running.ts";

let stop = async () => {};
afterEach(() => stop());

async function setUp() {
  const directory = mkdtempSync(join(tmpdir(), "local-sns-"));
  const log = new EventLog();
  const post = new PostOffice({ log, directory });
  const service = snsService({ log, account: "111111111111", post });
  const cloud = await running([service.definition]);
  const client = new sns.SNSClient(cloud.client());
  stop = async () => {
    client.destroy();
    await cloud.server.close();
    rmSync(directory, { recursive: true });
  };
  const { TopicArn } = await client.send(new sns.CreateTopicCommand({ Name: "alerts" }));
  return { directory, log, post, service, cloud, client, TopicArn };
}

let world: Awaited<ReturnType<typeof setUp>>;
beforeEach(async () => {
  world = await setUp();
});

const subscribe = (Endpoint: string, policy?: object) =>
  world.client.send(
    new sns.SubscribeCommand({
      TopicArn: world.TopicArn,
      Protocol: "email",
      Endpoint,
      ReturnSubscriptionArn: true,
      ...(policy && { Attributes: { FilterPolicy: JSON.stringify(policy) } }),
    }),
  );
const publish = (Message: string, attributes: Record<string, string> = {}, more = {}) =>
  world.client.send(
    new sns.PublishCommand({
      TopicArn: world.TopicArn,
      Message,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([key, StringValue]) => [
          key,
          { DataType: "String", StringValue },
        ]),
      ),
      ...more,
    }),
  );
const delivered = async () => {
  await world.post.settled();
  return world.log.all().filter(({ operation }) => operation === "EmailDelivered");
};

describe("e-mails", () => {
  it("become numbered files that carry the subject, the text and the trace of the call", async () => {
    await subscribe("it@acme.example.ch");
    world.service.confirmAll();
    const { client } = world;
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { headers: Record<string, string> };
        request.headers["x-amzn-trace-id"] = "Root=1-2-3";
        return next(args);
      },
      { step: "build" },
    );
    await publish("The database is down.", {}, { Subject: "Incident: acme is DOWN" });
    const [mail] = await delivered();
    expect(mail).toMatchObject({
      service: "sns",
      region: "eu-central-2",
      trace: "Root=1-2-3",
      detail: { to: "it@acme.example.ch", subject: "Incident: acme is DOWN" },
    });
    const name = "0002-it@acme.example.ch-incident-acme-is-down.eml";
    expect(readdirSync(world.directory)).toContain(name);
    const text = readFileSync(join(world.directory, name), "utf8");
    expect(text).toContain("To: it@acme.example.ch");
    expect(text).toContain("Subject: Incident: acme is DOWN");
    expect(text).toContain("The database is down.");
  });

  it("wait for the confirmation, which itself is a mail with the token", async () => {
    await subscribe("a@b.example");
    await publish("too early");
    expect(await delivered()).toEqual([]);
    const [file = ""] = readdirSync(world.directory);
    const text = readFileSync(join(world.directory, file), "utf8").replaceAll("=\n", "");
    const Token = /--token (?:3D)?(\w+)/.exec(text)?.[1];
    const { TopicArn } = world;
    await world.client.send(new sns.ConfirmSubscriptionCommand({ TopicArn, Token }));
    await publish("now");
    expect(await delivered()).toHaveLength(1);
  });

  it("above ten a second suspend the subscription", async () => {
    await subscribe("a@b.example");
    world.service.confirmAll();
    const entries = (from: number) =>
      Array.from({ length: 6 }, (_, n) => ({ Id: `m${from + n}`, Message: "x" }));
    const { TopicArn, client } = world;
    for (const from of [0, 6])
      await client.send(
        new sns.PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries(from) }),
      );
    expect(await delivered()).toHaveLength(10);
    const listed = await client.send(new sns.ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(listed.Subscriptions?.[0]?.SubscriptionArn).toBe("PendingConfirmation");
    const suspended = world.log
      .all()
      .filter((event) => event.operation === "SubscriptionSuspended");
    expect(suspended).toHaveLength(1);
  });
});

describe("filter policies", () => {
  it.for([
    ["an exact value", { recipient: ["it@acme"] }, { recipient: "it@acme" }, 1],
    ["another value", { recipient: ["it@acme"] }, { recipient: "it@birch" }, 0],
    ["one of several", { recipient: ["x", "y"] }, { recipient: "y" }, 1],
    ["a missing attribute", { recipient: ["x"] }, {}, 0],
    ["a prefix", { recipient: [{ prefix: "it@" }] }, { recipient: "it@acme" }, 1],
    ["anything but", { kind: [{ "anything-but": ["test"] }] }, { kind: "test" }, 0],
    ["anything else", { kind: [{ "anything-but": "test" }] }, { kind: "real" }, 1],
    ["exists", { kind: [{ exists: true }] }, {}, 0],
    ["does not exist", { kind: [{ exists: false }] }, {}, 1],
    ["two attributes, one of them wrong", { a: ["1"], b: ["1"] }, { a: "1", b: "2" }, 0],
  ] as const)("see %s", async ([, policy, attributes, mails]) => {
    await subscribe("a@b.example", policy);
    world.service.confirmAll();
    await publish("x", attributes);
    expect(await delivered()).toHaveLength(mails);
  });

  it("that cannot be kept are refused, and leave no subscription behind", async () => {
    const numeric = subscribe("a@b.example", { n: [{ numeric: [">", 1] }] });
    await expect(numeric).rejects.toBeInstanceOf(sns.InvalidParameterException);
    const { TopicArn } = world;
    const listed = await world.client.send(new sns.ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(listed.Subscriptions).toEqual([]);
  });

  it("may be changed later", async () => {
    const { SubscriptionArn } = await subscribe("a@b.example", { recipient: ["x"] });
    world.service.confirmAll();
    await world.client.send(
      new sns.SetSubscriptionAttributesCommand({
        SubscriptionArn,
        AttributeName: "FilterPolicy",
        AttributeValue: JSON.stringify({ recipient: ["y"] }),
      }),
    );
    await publish("x", { recipient: "y" });
    expect(await delivered()).toHaveLength(1);
    const { Attributes } = await world.client.send(
      new sns.GetSubscriptionAttributesCommand({ SubscriptionArn }),
    );
    expect(Attributes).toMatchObject({ PendingConfirmation: "false", Endpoint: "a@b.example" });
  });
});

describe("topics", () => {
  it("belong to a region", async () => {
    const elsewhere = new sns.SNSClient(world.cloud.client("eu-central-1"));
    const { Topics } = await elsewhere.send(new sns.ListTopicsCommand({}));
    expect(Topics).toEqual([]);
    const { TopicArn } = world;
    const lost = elsewhere.send(new sns.PublishCommand({ TopicArn, Message: "x" }));
    await expect(lost).rejects.toBeInstanceOf(sns.InvalidParameterException);
    elsewhere.destroy();
  });

  it("that do not exist are not found", async () => {
    const TopicArn = `${world.TopicArn}-not`;
    const lost = world.client.send(new sns.PublishCommand({ TopicArn, Message: "x" }));
    await expect(lost).rejects.toBeInstanceOf(sns.NotFoundException);
  });

  it("list more subscriptions than fit a page", async () => {
    await Promise.all(Array.from({ length: 101 }, (_, n) => subscribe(`a${n}@b.example`)));
    const { TopicArn, client } = world;
    const pages = sns.paginateListSubscriptionsByTopic({ client }, { TopicArn });
    const sizes = [];
    for await (const { Subscriptions } of pages) sizes.push(Subscriptions?.length);
    expect(sizes).toEqual([100, 1]);
    const { Attributes } = await client.send(new sns.GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ SubscriptionsPending: "101", SubscriptionsConfirmed: "0" });
    await world.post.settled();
  });

  it("take no subject that would break a mail header", async () => {
    const Subject = "a\nBcc: everyone@b.example";
    await expect(publish("x", {}, { Subject })).rejects.toBeInstanceOf(
      sns.InvalidParameterException,
    );
  });
});
