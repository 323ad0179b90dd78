import { describe, expect, it } from "vitest";
import { ticketPass } from "../../functions/support/pass.ts";
import type { Said } from "../../functions/support/say.ts";
import { cloudpepperHigh } from "../../lib/sla/presets/cloudpepper-high.ts";
import type { Priority } from "../../lib/sla/service-terms.ts";
import { ANN, BOB, Night, withOnCall } from "../fakes/night.ts";
import { CONTROL, MIRROR, SupportDesk } from "../functions/support/desk.ts";

const support = cloudpepperHigh.support;
if (!support) throw new Error("cloudpepper-high sells replies");

/** A desk and who is on call, both at control; tickets and calls are looked at every minute. It is 07:00. */
class Watchers extends SupportDesk {
  readonly night: Night;
  readonly #fleet;
  readonly #pass;

  constructor(callFor?: readonly Priority[]) {
    super();
    const plan = { ...cloudpepperHigh, support: { ...support, ...(callFor && { callFor }) } };
    this.#fleet = withOnCall({ ...this.fleet, plans: { "cloudpepper-high": plan } });
    const { memory: ledgers, clock } = this;
    this.night = new Night({ site: CONTROL, clock, ledgers, fleet: this.#fleet });
    const { messenger } = this.night;
    this.#pass = ticketPass({ ...this, fleet: this.#fleet, messenger });
  }

  async until(time: string): Promise<void> {
    const end = Date.parse(`2026-06-02T${time}:00Z`);
    while (this.clock.now().getTime() < end) {
      await this.clock.wait(60);
      await this.#pass();
      await this.night.round(this.#fleet);
    }
  }

  get calls() {
    return this.memory.at(CONTROL).keys("calls/");
  }

  mailsTo = (recipient: string) =>
    this.night.alerts.mails.filter((mail) => mail.recipient === recipient);
}

const urgent: Said = { kind: "opened", title: "shop is <down>", priority: 1, isPaged: true };
const DUE = "20260602073000000";

describe("a reply that was promised within half an hour, day and night", () => {
  it("calls whoever is on call ten minutes before it is missed, until somebody acknowledges", async () => {
    const desk = new Watchers();
    await desk.say("HD-1", urgent);
    await desk.until("07:19");
    expect(desk.calls).toEqual([]);
    await desk.until("07:26");
    expect(desk.calls).toEqual([`calls/acme/ticket-HD-1-${DUE}.json`]);
    expect(desk.night.calls).toEqual([ANN]);
    const [mail] = desk.mailsTo(ANN);
    expect(mail?.subject).toBe("[sla] critical: acme: YOU ARE CALLED");
    expect(mail?.text).toContain(`npx sla ack ticket-HD-1-${DUE} --instance acme`);
    expect(mail?.text).toContain("Ticket HD-1, P1, opened 2026-06-02T07:00:00.000Z");
    await desk.until("07:36");
    expect(desk.night.calls).toEqual([ANN, BOB]);
  });

  it("calls nobody for it again once that was acknowledged by the link, though it is missed", async () => {
    const desk = new Watchers();
    await desk.say("HD-1.a", urgent);
    await desk.until("07:26");
    expect((await desk.night.visit(desk.night.linkTo(ANN))).status).toBe(200);
    await desk.until("09:00");
    expect(desk.night.calls).toEqual([ANN]);
    const told = desk.mailsTo(desk.fleet.provider.contact).map(({ subject }) => subject);
    expect(told.filter((subject) => /REPLY TO A TICKET MISSED/.test(subject))).toHaveLength(1);
    expect(desk.calls).toHaveLength(1);
  });

  const ends: readonly (readonly [string, Said])[] = [
    ["somebody has replied", { kind: "replied" }],
    ["it is closed", { kind: "closed", reason: "duplicate" }],
    [
      "it is less urgent, and due later",
      { kind: "prioritised", priority: 3, isPaged: false, reason: "one user" },
    ],
  ];

  it.each(ends)("ends its call when %s, and who was called hears it", async (_, said) => {
    const desk = new Watchers();
    await desk.say("HD-1", urgent);
    await desk.until("07:26");
    desk.memory.at(CONTROL).reachable = false;
    await desk.say("HD-1", said);
    desk.memory.at(CONTROL).reachable = true;
    await desk.until("07:50");
    expect(desk.night.calls).toEqual([ANN]);
    expect(desk.mailsTo(ANN).at(-1)?.subject).toBe("[sla] info: acme: no call any more");
    expect(desk.mailsTo(BOB)).toEqual([]);
  });

  it("goes on calling when a machine has answered", async () => {
    const desk = new Watchers();
    await desk.say("HD-1", urgent);
    await desk.until("07:26");
    await desk.say("HD-1", { kind: "acknowledged" });
    await desk.until("07:36");
    expect(desk.night.calls).toEqual([ANN, BOB]);
  });

  it("is not ended by a ledger that knows less than the one that told of it", async () => {
    const desk = new Watchers([1, 2]);
    await desk.say("HD-1", desk.opened);
    desk.memory.cutOff(CONTROL);
    await desk.say("HD-1", { ...urgent, kind: "prioritised", reason: "all users" } as Said);
    desk.memory.restore(CONTROL);
    const behind = desk.memory.at(CONTROL).peek("tickets/acme/HD-1.json");
    await desk.until("07:21");
    desk.memory.at(CONTROL).put("tickets/acme/HD-1.json", behind);
    await desk.night.pass(6);
    expect(desk.night.calls).toEqual([ANN]);
  });
});

describe("which priorities call", () => {
  it("is P1 unless the plan says otherwise", async () => {
    const desk = new Watchers();
    await desk.say("HD-2", desk.opened);
    await desk.until("10:00");
    expect(desk.calls).toEqual([]);
    expect(desk.mailsTo(desk.fleet.provider.contact)).toHaveLength(2);
  });

  it("is what the plan says: another priority, or none", async () => {
    const two = new Watchers([2]);
    await two.say("HD-1", urgent);
    await two.say("HD-2", two.opened);
    await two.until("09:00");
    expect(two.calls).toEqual(["calls/acme/ticket-HD-2-20260602090000000.json"]);
    const none = new Watchers([]);
    await none.say("HD-1", urgent);
    await none.until("09:00");
    expect(none.calls).toEqual([]);
  });

  it("does not call for who has not asked for paging where that is what was sold", async () => {
    const desk = new Watchers();
    await desk.say("HD-1", { ...urgent, isPaged: false } as Said);
    await desk.until("10:00");
    expect(desk.calls).toEqual([]);
  });
});

describe("a ticket that gets more urgent", () => {
  const raised = { kind: "prioritised", priority: 1, isPaged: true, reason: "all users" } as const;

  it("calls for the nearer instant, unless somebody has taken care of it before", async () => {
    for (const isAcknowledged of [false, true]) {
      const desk = new Watchers([1, 2]);
      await desk.say("HD-1", desk.opened);
      await desk.until("08:36");
      expect(desk.night.calls).toEqual([ANN]);
      if (isAcknowledged) await desk.night.visit(desk.night.linkTo(ANN));
      await desk.say("HD-1", { ...raised });
      await desk.until("09:20");
      expect(desk.night.calls.slice(1)).toEqual(
        isAcknowledged ? [] : expect.arrayContaining([BOB]),
      );
    }
  });

  it("keeps a call of another ticket apart", async () => {
    const desk = new Watchers();
    await desk.say("HD-1", urgent);
    await desk.say("HD-2", urgent);
    await desk.until("07:22");
    expect(desk.calls).toHaveLength(2);
    await desk.say("HD-1", { kind: "replied" });
    await desk.until("07:26");
    expect(desk.mailsTo(ANN)).toHaveLength(1);
    expect(desk.mailsTo(ANN)[0]?.text).not.toContain("HD-1");
    expect(desk.memory.at(MIRROR).keys("calls/")).toEqual([]);
  });
});
