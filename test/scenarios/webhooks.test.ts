import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clockFrom } from "../../functions/kernel/clock.ts";
import type { Notice } from "../../functions/notify/contract.ts";
import { eventOf, Hooks } from "../../functions/notify/hooks.ts";
import { LOOPBACK } from "../../functions/webhook/addresses.ts";
import type { HookEvent, Outgoing } from "../../functions/webhook/contract.ts";
import { noneStuck, outbox } from "../../functions/webhook/outbox.ts";
import { sender } from "../../functions/webhook/post.ts";
import { rounds } from "../../functions/webhook/round.ts";
import type { Secrets } from "../../functions/webhook/signature.ts";
import { sendTest } from "../../functions/webhook/test-event.ts";
import type { Webhook } from "../../lib/sla/webhook.ts";
import { FakeClock } from "../fakes/clock.ts";
import { fleetOf, instance } from "../fakes/fleet.ts";
import { MemoryLedger } from "../fakes/ledger.ts";
import { Receiver } from "../functions/webhook/receiver.ts";
import { verify } from "../functions/webhook/verifier.ts";

const SITE = "eu-central-1";
const NIGHT = "ann@ops.example";
const [OLD, NEW] = [1, 2].map((n) => `whsec_${Buffer.alloc(32, n).toString("base64")}`) as [
  string,
  string,
];

const notice = (changes: Partial<Notice> = {}): Notice => ({
  ...{ kind: "incident-opened", instance: "acme", incident: "i1" },
  ...{ at: "2026-11-22T03:00:00.000Z", lines: ["acme is <down>."] },
  ...changes,
});

/** A site with one webhook, whose receiver is a real one on this machine. */
class Office {
  readonly clock = new FakeClock("2026-11-22T03:00:00Z");
  readonly ledger = new MemoryLedger(SITE);
  readonly box = outbox(this.ledger, this.clock);
  secrets: Secrets = [NEW];
  woken = 0;
  hook: Webhook;
  readonly #hooks = new Hooks({
    ...{ site: SITE, ledger: this.ledger, clock: this.clock },
    wake: async () => {
      this.woken += 1;
    },
  });
  /** What is waited for in real time is two seconds instead of ten. */
  readonly #limits = clockFrom({ SLA_PACE: "60" });
  readonly #office = {
    ...{ ledger: this.ledger, outbox: this.box, clock: this.clock, site: SITE },
    send: sender(this.#limits, LOOPBACK),
    secrets: { read: async () => this.secrets },
  };
  readonly #round = rounds(this.#office);

  constructor(url: string) {
    this.hook = { name: "pager", url, secret: "sla/pager" };
  }

  get fleet() {
    const fleet = fleetOf([instance("acme"), instance("birch")]);
    const onCall = [{ contact: NIGHT, afterMinutes: 5 }];
    return { ...fleet, provider: { ...fleet.provider, onCall, webhooks: [this.hook] } };
  }

  tell = (...notices: Notice[]) => this.#hooks.lay(notices, this.fleet);
  round = () => this.#round(this.fleet);
  test = () => sendTest("pager", this.fleet, this.#office);
  isWell = () => noneStuck(this.fleet, this.box, this.clock);

  async pass(minutes: number) {
    for (let minute = 0; minute < minutes; minute += 1) {
      await this.clock.wait(60);
      await this.round();
    }
  }

  get outgoing(): Outgoing[] {
    return this.ledger.keys("hooks/").flatMap((key) => this.ledger.peek<Outgoing>(key) ?? []);
  }
}

let receiver: Receiver;
let office: Office;
beforeEach(async () => {
  receiver = await new Receiver().open();
  office = new Office(receiver.url);
});
afterEach(() => receiver[Symbol.asyncDispose]());

const events = () => receiver.came.map(({ body }) => JSON.parse(body) as HookEvent);

describe("a webhook", () => {
  it("is told what the provider is told, signed, once", async () => {
    await office.tell(notice());
    expect(office.woken).toBe(1);
    await office.round();
    await office.tell(notice({ at: "2026-11-22T03:00:20.000Z" }));
    await office.pass(5);
    expect(events()).toEqual([
      {
        ...{ version: 1, id: eventOf(notice(), SITE).id, type: "incident-opened" },
        ...{ severity: "critical", title: "incident opened", at: "2026-11-22T03:00:00.000Z" },
        ...{ site: SITE, instance: "acme", incident: "i1", lines: ["acme is <down>."] },
      },
    ]);
    const [came] = receiver.came;
    const seconds = office.clock.now().getTime() / 1000;
    expect(
      verify(came?.headers as Record<string, string>, came?.body ?? "", NEW, seconds - 300),
    ).toBe(true);
    expect(came?.headers["webhook-id"]).toBe(eventOf(notice(), SITE).id);
    expect(office.outgoing).toMatchObject([{ state: "delivered", attempts: 1 }]);
  });

  it("is told of calls and all-clears, and not what customers or one instance of a lost region hear", async () => {
    await office.tell(
      notice({ kind: "person-called", occasion: "call-1", to: NIGHT }),
      notice({ kind: "call-over", to: NIGHT }),
      notice({ kind: "call-over", to: "it@acme.example.ch" }),
      notice({ instance: "birch", within: "region" }),
      notice({ kind: "incident-closed" }),
    );
    await office.round();
    expect(events().map(({ type, to }) => [type, to])).toEqual([
      ["person-called", NIGHT],
      ["call-over", NIGHT],
      ["incident-closed", undefined],
    ]);
  });

  it.each([
    [{ severities: ["critical"] }, ["incident-opened"]],
    [{ events: ["failover-done", "incident-opened"] }, ["incident-opened", "failover-done"]],
    [{ severities: ["info"], events: ["incident-opened"] }, []],
  ] as const)("that wants %o gets %o", async (asks, expected) => {
    office.hook = { ...office.hook, ...asks };
    await office.tell(notice(), notice({ kind: "failover-done" }), notice({ kind: "storage-low" }));
    await office.round();
    expect(events().map(({ type }) => type)).toEqual(expected);
  });

  it("gets the events of an incident in their order, and those of others in the meantime", async () => {
    let refused = 0;
    receiver.answers = (response, { body }) => {
      const isOpening = body.includes('"incident-opened"') && body.includes('"acme"');
      response.writeHead(isOpening && refused++ < 2 ? 503 : 204).end();
    };
    await office.tell(notice(), notice({ instance: "birch" }));
    await office.clock.wait(1);
    await office.tell(notice({ kind: "failover-done" }));
    await office.pass(8);
    const taken = events().map(({ instance: id, type }) => `${id} ${type}`);
    expect(taken.filter((each) => each.startsWith("birch"))).toHaveLength(1);
    expect(taken.filter((each) => each.startsWith("acme"))).toEqual([
      ...Array.from({ length: 3 }, () => "acme incident-opened"),
      "acme failover-done",
    ]);
  });
});

describe("a receiver that takes nothing", () => {
  it("is asked again, less and less often, until an event is given up after a day; an alarm says so", async () => {
    receiver.answers = (response) => void response.writeHead(500).end("down");
    await office.tell(notice());
    await office.pass(10);
    const soon = receiver.came.length;
    expect(soon).toBeGreaterThanOrEqual(3);
    expect(soon).toBeLessThanOrEqual(5);
    await expect(office.isWell()).resolves.toBeUndefined();
    await office.pass(10);
    await expect(office.isWell()).rejects.toThrow("pager: 1 wait, 0 given up: down");
    await office.pass(26 * 60);
    expect(office.outgoing).toMatchObject([{ state: "given-up", last: { status: 500 } }]);
    expect(receiver.came.length).toBeLessThan(60);
    expect(new Set(receiver.came.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    await expect(office.isWell()).rejects.toThrow("pager: 0 wait, 1 given up: down");
  });

  it("keeps what follows of an incident back for a while, not for ever", async () => {
    receiver.answers = (response, { body }) =>
      void response.writeHead(body.includes('"incident-opened"') ? 400 : 204).end();
    await office.tell(notice(), notice({ kind: "person-called", occasion: "call-1", to: NIGHT }));
    const called = () => events().filter(({ type }) => type === "person-called").length;
    await office.pass(5);
    expect(called()).toBe(0);
    await office.pass(30);
    expect(called()).toBe(1);
  });

  it("does not keep a round busy for longer than three of its answers", async () => {
    receiver.answers = (response) => void response.writeHead(500).end();
    await office.tell(...Array.from({ length: 40 }, (_, n) => notice({ incident: `i${n}` })));
    const [sent] = await office.round();
    expect(sent?.failed).toBeLessThanOrEqual(6);
    receiver.answers = (response) => void response.writeHead(200).end();
    await office.pass(3);
    expect(office.outgoing.every(({ state }) => state === "delivered")).toBe(true);
  });

  it("is asked once by two rounds at the same time", async () => {
    await office.tell(notice());
    await Promise.all([office.round(), office.round()]);
    expect(receiver.came).toHaveLength(1);
  });

  it("is asked again after a round that died over it, not at once", async () => {
    await office.tell(notice());
    const [key = ""] = office.ledger.keys("hooks/");
    const replace = office.ledger.replace.bind(office.ledger);
    office.ledger.replace = async (...args) => {
      if (receiver.came.length > 0) throw new Error("gone");
      return replace(...args);
    };
    await expect(office.round()).rejects.toThrow("gone");
    office.ledger.replace = replace;
    expect(office.ledger.peek<Outgoing>(key)).toMatchObject({ state: "waiting", attempts: 1 });
    await office.round();
    expect(receiver.came).toHaveLength(1);
    await office.pass(2);
    expect(receiver.came.map(({ headers }) => headers["webhook-id"])).toHaveLength(2);
    expect(office.outgoing).toMatchObject([{ state: "delivered" }]);
  });
});

describe("a secret", () => {
  const signedFor = (secret: string) => {
    const came = receiver.came.at(-1);
    const at = Number(came?.headers["webhook-timestamp"]);
    return verify(came?.headers as Record<string, string>, came?.body ?? "", secret, at);
  };

  it("that is being rotated signs beside the one before", async () => {
    office.secrets = [NEW, OLD];
    await office.tell(notice());
    await office.round();
    expect([signedFor(NEW), signedFor(OLD)]).toEqual([true, true]);
  });

  it("that is wrong is said so, and what waits for it leaves when it is right", async () => {
    office.secrets = ["hunter2"];
    await office.tell(notice());
    await office.round();
    expect(office.outgoing[0]?.last?.said).toMatch(/expected whsec_/);
    expect(JSON.stringify(office.outgoing)).not.toContain("hunter2");
    office.secrets = [NEW];
    await office.pass(3);
    expect(receiver.came).toHaveLength(1);
  });

  it("is nowhere in what is sent or kept", async () => {
    await office.tell(notice());
    await office.round();
    const all = JSON.stringify([receiver.came, office.outgoing]);
    expect(all).not.toContain(NEW.slice(6));
  });
});

it("what the ledger does not take is reported, so that it is told again", async () => {
  office.ledger.reachable = false;
  expect([...(await office.tell(notice())).keys()]).toEqual([notice()]);
  office.ledger.reachable = true;
  await office.tell(notice());
  await office.round();
  expect(receiver.came).toHaveLength(1);
});

it("a test is sent at once, signed, kept nowhere, and its answer is said", async () => {
  receiver.answers = (response) => void response.writeHead(202).end("seen");
  expect(await office.test()).toEqual({ ok: true, status: 202, said: "seen" });
  expect(events()).toMatchObject([{ type: "test", severity: "info" }]);
  expect(office.outgoing).toEqual([]);
});
