import fc from "fast-check";
import { describe, expect, it, test, vi } from "vitest";
import { Calls, callIdOf } from "../../../functions/notify/calls.ts";
import type { Notice } from "../../../functions/notify/contract.ts";
import { subjectOf, textOf } from "../../../functions/notify/digest.ts";
import { Hooks } from "../../../functions/notify/hooks.ts";
import { answerLinks } from "../../../functions/notify/links.ts";
import { Marks } from "../../../functions/notify/marks.ts";
import { notify } from "../../../functions/notify/notify.ts";
import { Rate } from "../../../functions/notify/rate.ts";
import { delivered } from "../../../functions/notify/report.ts";
import {
  allConfirmed,
  type Subscribed,
  subscribeCommand,
  unconfirmedOf,
} from "../../../functions/notify/subscriptions.ts";
import { UnsentNotices } from "../../../functions/notify/unsent.ts";
import { NOTICES } from "../../../lib/sla/notices.ts";
import { recipients } from "../../../lib/sla/recipients.ts";
import { severityOf } from "../../../lib/sla/severity.ts";
import { MemoryAlerts } from "../../fakes/alerts.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const FLEET = fleetOf([instance("acme"), instance("birch")]);
const OPS = FLEET.provider.contact;

const notice = (id: string, changes: Partial<Notice> = {}): Notice => ({
  kind: "incident-opened",
  instance: id,
  incident: "20260302100115000",
  at: "2026-03-02T10:01:45.000Z",
  lines: [`${id} is down.`, "It means this.", "Do that."],
  ...changes,
});

function office(start = "2026-03-02T10:02:00Z") {
  const clock = new FakeClock(start);
  const alerts = new MemoryAlerts();
  const ledger = new MemoryLedger("eu-central-1");
  const post = {
    alerts,
    marks: new Marks(ledger, clock),
    rate: new Rate(clock),
    links: answerLinks(ledger, "https://page.example/", clock),
    calls: new Calls(ledger, clock),
    hooks: new Hooks({ site: "eu-central-1", ledger, clock, wake: async () => undefined }),
    unsent: new UnsentNotices(ledger, clock),
  };
  return {
    alerts,
    ledger,
    clock,
    send: (...notices: readonly Notice[]) => notify({ notices }, FLEET, post),
    got: (recipient: string) => alerts.mails.filter((mail) => mail.recipient === recipient),
  };
}

describe("notify", () => {
  it("tells the provider everything and contacts their own, in one mail each", async () => {
    const { alerts, got, send } = office();
    await send(notice("acme"), notice("birch"));
    expect(alerts.mails).toHaveLength(3);
    expect(got(OPS)[0]?.text).toMatch(/acme is down[\s\S]*birch is down/);
    expect(got("it@acme.example.ch")[0]?.text).not.toContain("birch");
  });

  it("adds links of their own for those who are asked, and keeps none in what it was handed", async () => {
    const { got, ledger, send } = office();
    const asked = [OPS];
    const question = { instance: "acme", failover: "fo-1", epoch: 1, asked, state: "open" };
    ledger.put("approvals/acme/fo-1.json", question);
    ledger.put("sealed/acme/fo-1.json", { secret: "c2VjcmV0", token: "t" });
    const wanted = notice("acme", { kind: "approval-wanted", occasion: "fo-1" });
    await send(wanted);
    expect(got(OPS)[0]?.text).toMatch(
      /approve: https:\/\/page\.example\/approve\/acme\/fo-1\/0\/[\w-]{43}\s+refuse: https:/,
    );
    expect(got("it@acme.example.ch")[0]?.text).not.toContain("https://page.example/");
    expect(wanted.lines).toHaveLength(3);
  });

  it("mails without links rather than not at all", async () => {
    const { got, send } = office();
    await send(notice("acme", { kind: "approval-wanted", occasion: "fo-1" }));
    expect(got(OPS)).toHaveLength(1);
  });

  it("tells nobody the same twice", async () => {
    const { alerts, send } = office();
    await send(notice("acme"));
    expect(await send(notice("acme"))).toMatchObject([{ outcome: "known" }, { outcome: "known" }]);
    expect(alerts.mails).toHaveLength(2);
  });

  it("keeps two instances apart that failed in the same second", async () => {
    const { got, send } = office();
    await send(notice("acme"));
    await send(notice("birch"));
    expect(got(OPS).map(({ subject }) => subject)).toEqual([
      "[sla] critical: acme: incident opened",
      "[sla] critical: birch: incident opened",
    ]);
  });

  it("sends one mail when the same request is handled twice at once", async () => {
    const { got, send } = office();
    await Promise.all([send(notice("acme")), send(notice("acme"))]);
    expect(got(OPS)).toHaveLength(1);
  });

  it("sends again what failed, to those who did not get it", async () => {
    const { alerts, got, send } = office();
    alerts.failing = 1;
    const first = await send(notice("acme"));
    expect(() => delivered(first)).toThrow(/not sent to ops@orchard\.example: the topic is away/);
    delivered(await send(notice("acme")));
    expect([got(OPS).length, got("it@acme.example.ch").length]).toEqual([1, 1]);
  });

  it("takes over a mail whose sender died, once its time is up", async () => {
    const { ledger, got, send, clock } = office();
    const key = `mails/acme/20260302100115000/incident-opened-${OPS}.json`;
    ledger.put(key, { state: "sending", at: clock.now().toISOString() });
    await send(notice("acme"));
    expect(got(OPS)).toHaveLength(0);
    await clock.wait(121);
    await send(notice("acme"));
    expect(got(OPS)).toHaveLength(1);
  });

  it("is not talked out of a mail that left by a sender that was taken for dead", async () => {
    const { alerts, got, ledger, send, clock } = office();
    const key = `mails/acme/20260302100115000/incident-opened-${OPS}.json`;
    const hung = Promise.withResolvers<void>();
    alerts.hanging = hung.promise;
    const late = send(notice("acme"));
    await vi.waitUntil(() => alerts.waiting > 0);
    alerts.hanging = undefined;
    await clock.wait(121);
    await send(notice("acme"));
    hung.reject(new Error("the topic is away"));
    await late;
    expect(ledger.peek<{ state: string }>(key)?.state).toBe("sent");
    expect(got(OPS)).toHaveLength(1);
  });

  it("never sends more than ten a second to one recipient", async () => {
    const { clock, send, got } = office();
    const begun = clock.now().getTime();
    for (let n = 0; n < 30; n += 1) await send(notice("acme", { incident: `${n}` }));
    expect(got(OPS)).toHaveLength(30);
    expect(clock.now().getTime() - begun).toBeGreaterThan(3000);
  });

  it("tells each recipient each notice exactly once, however requests overlap", async () => {
    const anyNotice = fc
      .record({
        kind: fc.constantFrom(...NOTICES),
        instance: fc.constantFrom("acme", "birch"),
        incident: fc.constantFrom("1", "2"),
      })
      .map(({ instance: id, ...rest }) => notice(id, rest));
    const anyRequests = fc.array(fc.uniqueArray(anyNotice, { selector: named, maxLength: 5 }), {
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(anyRequests, async (requests) => {
        const { got, send, ledger } = office();
        await Promise.all(requests.map((notices) => send(...notices)));
        const wanted = new Set(requests.flat().map(named));
        const told = got(OPS).flatMap(({ text }) => text.match(/^\w+: .* \(.*\)$/gm) ?? []);
        expect(told).toHaveLength(wanted.size);
        const marks = ledger.keys("mails/").map((key) => ledger.peek<{ state: string }>(key));
        expect(marks.every((mark) => mark?.state === "sent")).toBe(true);
      }),
    );
  });
});

const named = ({ instance: id, incident, kind }: Notice) => `${id} ${incident} ${kind}`;

describe("a mail", () => {
  test.for([
    ["one notice", ["acme"], "[sla] critical: acme: incident opened"],
    [
      "a region's outage",
      ["acme", "birch", "cedar"],
      "[sla] critical: acme and 2 more: incident opened",
    ],
    ["a name SNS would refuse", ["zürich"], "[sla] critical: z?rich: incident opened"],
  ] as const)("has a subject for %s", ([, ids, subject]) => {
    const notices = ids.map((id) => notice(id));
    expect(subjectOf({ recipient: OPS, notices })).toBe(subject);
  });

  it("has a subject SNS takes, whatever happened", () => {
    const anyNotices = fc.array(
      fc
        .record({
          kind: fc.constantFrom(...NOTICES),
          id: fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }),
        })
        .map(({ id, kind }) => notice(id, { kind })),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(anyNotices, (notices) => {
        expect(subjectOf({ recipient: OPS, notices })).toMatch(/^[\x20-\x7e]{1,100}$/);
      }),
    );
  });

  it("stays below what SNS carries when a thousand instances fail at once", () => {
    const notices = Array.from({ length: 1000 }, (_, n) => notice(`instance-${n}`));
    const text = textOf({ recipient: OPS, notices }, FLEET);
    expect(Buffer.byteLength(text)).toBeLessThan(256 * 1024);
    expect(text).toContain("And 800 more: instance-200, ");
  });

  it("has room for what it carries, however long the notices are, and counts what it has not told", () => {
    const anyNotice = fc
      .record({
        kind: fc.constantFrom(...NOTICES),
        id: fc.string({ minLength: 1, maxLength: 63, unit: "grapheme" }),
        lines: fc.array(fc.nat({ max: 9000 }), { maxLength: 4 }),
      })
      .map(({ id, kind, lines }) => notice(id, { kind, lines: lines.map((n) => "ü".repeat(n)) }));
    fc.assert(
      fc.property(fc.array(anyNotice, { maxLength: 30 }), fc.nat({ max: 400 }), (some, more) => {
        const notices = Array.from({ length: more }, () => some).flat();
        const text = textOf({ recipient: OPS, notices }, FLEET);
        expect(Buffer.byteLength(text)).toBeLessThan(250_000);
        const told = text.match(/\(2026-03-02T10:01:45\.000Z\)/g) ?? [];
        const left = Number(/And (\d+) more: /.exec(text)?.[1] ?? 0);
        expect(told.length + left).toBe(notices.length);
      }),
      { numRuns: 50 },
    );
  });

  it("tells what is gravest in full", () => {
    const quiet = notice("acme", { kind: "incident-closed", lines: ["x".repeat(150_000)] });
    const text = textOf({ recipient: OPS, notices: [quiet, quiet, notice("birch")] }, FLEET);
    expect(text).toMatch(/^birch: incident opened/);
    expect(text).toContain("And 1 more: acme");
  });
});

describe("severity", () => {
  it("is critical exactly where somebody is called, and of a call", () => {
    const critical = NOTICES.filter((kind) => severityOf({ kind }) === "critical");
    const calling = NOTICES.filter((kind) => callIdOf(notice("acme", { kind })) !== undefined);
    expect(critical.filter((kind) => kind !== "person-called")).toEqual(calling);
  });

  it("of a mail is that of the gravest in it", () => {
    const notices = [notice("acme", { kind: "failover-done" }), notice("birch")];
    expect(subjectOf({ recipient: OPS, notices })).toMatch(/^\[sla\] critical: /);
    expect(subjectOf({ recipient: OPS, notices: notices.slice(0, 1) })).toMatch(/^\[sla\] info: /);
  });
});

describe("subscriptions", () => {
  const HERE = "eu-west-1";
  const all: readonly Subscribed[] = [
    ...recipients(FLEET, HERE).map((address) => ({ topic: "sla-alerts", address })),
    { topic: "sla-operators", address: OPS },
  ].map((each) => ({ ...each, isConfirmed: true }));
  const isAcme = ({ address }: Subscribed) => address === "it@acme.example.ch";
  const unconfirmed = (changed: readonly Subscribed[]) => unconfirmedOf(FLEET, HERE, changed);

  it("of all who have to hear of a site are well", () => {
    expect(allConfirmed(unconfirmed(all))).toEqual({ unconfirmed: 0 });
  });

  it.each([
    ["has not confirmed", all.map((each) => ({ ...each, isConfirmed: !isAcme(each) })), "pending"],
    ["never did, and was forgotten", all.filter((each) => !isAcme(each)), "missing"],
  ] as const)("fail the look for them while one %s", (_, changed, state) => {
    const lacking = unconfirmed(changed);
    expect(lacking).toMatchObject([{ address: "it@acme.example.ch", state }]);
    expect(() => allConfirmed(lacking)).toThrow(`it@acme.example.ch (sla-alerts, ${state})`);
  });

  it("that nobody wants any more are nobody's trouble", () => {
    const left = { topic: "sla-alerts", address: "gone@acme.example.ch", isConfirmed: false };
    expect(unconfirmed([...all, left])).toEqual([]);
  });

  it("are made anew by a command that asks one address, and lets through what is its own", () => {
    const [lacking] = unconfirmed(all.filter((each) => !isAcme(each)));
    if (!lacking) throw new Error("nobody lacks it");
    const command = subscribeCommand({ ...lacking, address: "o'neil@acme.example.ch" });
    expect(command.join("\n")).toBe(
      [
        "aws sns subscribe --region eu-west-1 --protocol email \\",
        "--topic-arn arn:aws:sns:eu-west-1:111111111111:sla-alerts \\",
        "--notification-endpoint 'o'\\''neil@acme.example.ch' \\",
        `--attributes '{"FilterPolicy":"{\\"recipient\\":[\\"o'\\''neil@acme.example.ch\\"]}"}'`,
      ].join("\n"),
    );
  });
});
