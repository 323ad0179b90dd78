import { describe, expect, it } from "vitest";
import { mailPayer } from "../../functions/failover/pay-mails.ts";
import { Calls } from "../../functions/notify/calls.ts";
import type { Notice, NotifyRequest } from "../../functions/notify/contract.ts";
import { Hooks } from "../../functions/notify/hooks.ts";
import { Marks } from "../../functions/notify/marks.ts";
import { notify } from "../../functions/notify/notify.ts";
import { Rate } from "../../functions/notify/rate.ts";
import { gathered } from "../../functions/notify/storm.ts";
import { UnsentNotices } from "../../functions/notify/unsent.ts";
import { instancesOf, shardsOf } from "../../lib/sla/shards.ts";
import { MemoryAlerts } from "../fakes/alerts.ts";
import { FakeClock } from "../fakes/clock.ts";
import { fleetOf, instance } from "../fakes/fleet.ts";
import { MemoryLedger } from "../fakes/ledger.ts";

const AGENCY = "it@agency.example";
const IDS = Array.from({ length: 1000 }, (_, n) => `shop-${n}`);
const BARE = fleetOf(IDS.map((id) => instance(id, { contacts: [AGENCY] })));
const FLEET = {
  ...BARE,
  provider: { ...BARE.provider, onCall: [{ contact: "ann@ops.example", afterMinutes: 5 }] },
};
const OPS = FLEET.provider.contact;

const down = (id: string): Notice => ({
  ...{ kind: "incident-opened", instance: id, incident: "i1", at: "2026-11-22T03:00:00.000Z" },
  lines: [`${id} is down.`],
});

/** One site; each request is handled by an invocation of its own. */
class Site {
  readonly clock = new FakeClock("2026-11-22T03:00:05Z");
  readonly ledger = new MemoryLedger("eu-central-1");
  readonly alerts = new MemoryAlerts();
  readonly #post = {
    alerts: this.alerts,
    marks: new Marks(this.ledger, this.clock),
    rate: new Rate(this.clock),
    links: { of: async () => [] },
    calls: new Calls(this.ledger, this.clock),
    hooks: new Hooks({
      ...{ site: "eu-central-1", ledger: this.ledger, clock: this.clock },
      wake: async () => undefined,
    }),
    unsent: new UnsentNotices(this.ledger, this.clock),
  };
  readonly payMails = mailPayer(
    this.ledger,
    { notify: (request) => this.handle(request) },
    this.clock,
  );

  async handle(request: NotifyRequest): Promise<void> {
    const notices = await gathered(request, FLEET, this.#post, this);
    await notify({ ...request, notices }, FLEET, this.#post);
  }

  tell = (...notices: Notice[]) => this.handle({ notices });

  mailsTo = (recipient: string) => this.alerts.mails.filter((mail) => mail.recipient === recipient);

  get unsent() {
    return this.ledger
      .keys("unsent/")
      .filter((key) => this.ledger.peek<{ state: string }>(key)?.state === "unsent");
  }
}

const byShard = shardsOf(FLEET).map((shard) => instancesOf(FLEET, shard).map(({ id }) => down(id)));

describe("a storm that four shards tell at once", () => {
  it("is one mail for each recipient, with all that is down in it", async () => {
    const site = new Site();
    await Promise.all(byShard.map((notices) => site.tell(...notices)));
    for (const recipient of [OPS, AGENCY]) {
      expect(site.mailsTo(recipient)).toHaveLength(1);
      const text = site.mailsTo(recipient)[0]?.text ?? "";
      expect(IDS.filter((id) => !new RegExp(`\\b${id}\\b`).test(text))).toEqual([]);
    }
    expect(site.unsent).toEqual([]);
    expect(site.ledger.keys("calls/")).toHaveLength(1000);
  }, 60_000);

  it("waits ten seconds at most, and its calls not at all", async () => {
    const site = new Site();
    const hung = Promise.withResolvers<void>();
    const until = site.clock.until.bind(site.clock);
    let waitedUntil = 0;
    site.clock.until = async (instant) => {
      waitedUntil ||= instant.getTime();
      await hung.promise;
      await until(instant);
    };
    const began = site.clock.now().getTime();
    const telling = site.tell(...byShard.flat().slice(0, 6));
    await new Promise((done) => setImmediate(done));
    expect(waitedUntil - began).toBe(10_000);
    expect(site.ledger.keys("calls/")).toHaveLength(6);
    expect(site.alerts.mails).toEqual([]);
    hung.resolve();
    await telling;
    expect(site.mailsTo(OPS)).toHaveLength(1);
  });

  it("leaves within two minutes although whoever gathers dies", async () => {
    const site = new Site();
    site.clock.until = () => Promise.reject(new Error("gone"));
    const begun = site.ledger;
    const create = begun.create.bind(begun);
    begun.create = async (key, value) => {
      if (key.startsWith("mails/")) throw new Error("gone");
      return create(key, value);
    };
    await site.tell(...byShard.flat().slice(0, 6)).catch(() => undefined);
    begun.create = create;
    site.clock.until = FakeClock.prototype.until.bind(site.clock);
    await site.payMails();
    expect(site.mailsTo(OPS)).toEqual([]);
    await site.clock.wait(91);
    await site.payMails();
    expect(site.mailsTo(OPS)).toHaveLength(1);
    expect(site.unsent).toEqual([]);
  });

  it("of more than a mail is for is a few mails, the last of them with a later round", async () => {
    const site = new Site();
    const another = byShard.flat().map((notice) => ({ ...notice, incident: "i2" }));
    await Promise.all([...byShard, another.slice(0, 500)].map((each) => site.tell(...each)));
    await site.clock.wait(91);
    await site.payMails();
    expect(site.mailsTo(OPS).length).toBeLessThanOrEqual(3);
    expect(site.unsent).toEqual([]);
  }, 60_000);
});

describe("what is no storm", () => {
  it("leaves at once: a few notices, and what is handed over again", async () => {
    const site = new Site();
    site.clock.until = async (instant) => {
      if (instant.getTime() - site.clock.now().getTime() > 5000) throw new Error("somebody waits");
    };
    const [notices = []] = byShard;
    await site.tell(...notices.slice(0, 4));
    await site.handle({ notices: notices.slice(4, 40), again: true });
    expect(site.mailsTo(OPS)).toHaveLength(2);
    expect(site.ledger.keys("storms/")).toEqual([]);
  });
});
