import { describe, expect, it } from "vitest";
import { mailPayer } from "../../functions/failover/pay-mails.ts";
import { Calls } from "../../functions/notify/calls.ts";
import type { Notice, NotifyRequest } from "../../functions/notify/contract.ts";
import { Hooks } from "../../functions/notify/hooks.ts";
import { Marks } from "../../functions/notify/marks.ts";
import { notify } from "../../functions/notify/notify.ts";
import { Rate } from "../../functions/notify/rate.ts";
import { delivered } from "../../functions/notify/report.ts";
import { UnsentNotices } from "../../functions/notify/unsent.ts";
import type { BeatReport } from "../../functions/watch/beat.ts";
import { beaten } from "../../functions/watch/report.ts";
import { MemoryAlerts } from "../fakes/alerts.ts";
import { FakeClock } from "../fakes/clock.ts";
import { World } from "../fakes/failover-world.ts";
import { fleetOf, instance } from "../fakes/fleet.ts";
import { MemoryLedger } from "../fakes/ledger.ts";
import { resourcesOf, templateOf } from "../lib/infra/templates.ts";

const FLEET = fleetOf([instance("acme", { contacts: [] })]);

function office() {
  const clock = new FakeClock("2026-11-21T10:02:00Z");
  const [alerts, ledger] = [new MemoryAlerts(), new MemoryLedger("eu-central-1")];
  const post = {
    alerts,
    marks: new Marks(ledger, clock),
    rate: new Rate(clock),
    links: { of: async () => [] },
    calls: new Calls(ledger, clock),
    hooks: new Hooks({ site: "eu-central-1", ledger, clock, wake: async () => undefined }),
    unsent: new UnsentNotices(ledger, clock),
  };
  return {
    alerts,
    ledger,
    clock,
    send: (...notices: Notice[]) => notify({ notices }, FLEET, post),
    /** One round of who pays debts in this site. */
    round: mailPayer(
      ledger,
      { notify: async (request: NotifyRequest) => void (await notify(request, FLEET, post)) },
      clock,
    ),
  };
}

/** A failover halts, a person goes on with it, and it halts again. */
async function haltedTwice(): Promise<readonly Notice[]> {
  const world = new World();
  world.standby.refusesProof = true;
  await world.failover();
  await world.failover(world.request({ trigger: "person" }), "fo-acme-again");
  return world.notices.filter(({ kind }) => kind === "failover-halted");
}

describe("a mail that somebody waits for", () => {
  it("is sent again when the same incident halts a second time", async () => {
    const { alerts, send } = office();
    const halts = await haltedTwice();
    for (const notice of halts) delivered(await send(notice));
    expect(halts).toHaveLength(2);
    expect(alerts.mails).toHaveLength(2);
  });

  it("is not sent again when Lambda or the machine repeats the same halt", async () => {
    const { alerts, send } = office();
    const [halt] = await haltedTwice();
    if (!halt) throw new Error("nothing halted");
    await send(halt);
    await send({ ...halt, at: "2026-11-21T10:09:00.000Z" });
    expect(alerts.mails).toHaveLength(1);
  });

  it("is not taken for sent while its dead sender's time runs", async () => {
    const { alerts, ledger, clock, send } = office();
    const [halt] = await haltedTwice();
    if (!halt) throw new Error("nothing halted");
    const key = `mails/acme/i1/failover-halted-${halt.occasion}-${FLEET.provider.contact}.json`;
    ledger.put(key, { state: "sending", at: clock.now().toISOString() });
    const first = await send(halt);
    expect(() => delivered(first)).toThrow(/in other hands/);
    await clock.wait(180);
    delivered(await send(halt));
    expect(alerts.mails).toHaveLength(1);
  });

  it("leaves when SNS answers again, hours after Lambda gave it up, and once", async () => {
    const { alerts, clock, send, round } = office();
    const [halt] = await haltedTwice();
    if (!halt) throw new Error("nothing halted");
    alerts.failing = 4;
    for (const minutes of [0, 1, 2]) {
      await clock.wait(minutes * 60);
      const attempt = await send(halt);
      expect(() => delivered(attempt)).toThrow(/the topic is away/);
    }
    await clock.wait(7200);
    expect([await round(), alerts.mails.length]).toEqual([1, 0]);
    expect([await round(), alerts.mails.length]).toEqual([1, 1]);
    expect(alerts.mails[0]?.text).toContain(halt.lines[0]);
    expect([await round(), alerts.mails.length]).toEqual([0, 1]);
  });

  it("that left with a repeat is not handed over again", async () => {
    const { alerts, send, round } = office();
    const [halt] = await haltedTwice();
    if (!halt) throw new Error("nothing halted");
    alerts.failing = 1;
    await send(halt);
    delivered(await send(halt));
    expect([await round(), alerts.mails.length]).toEqual([0, 1]);
  });

  it("has the time for the repeats Lambda makes after one and after three minutes", () => {
    const configured = resourcesOf(
      templateOf("Sla-eu-central-1"),
      "AWS::Lambda::EventInvokeConfig",
    );
    const repeated = configured.filter(
      ({ Properties }) => Number(Properties["MaximumRetryAttempts"]) > 0,
    );
    // Mails, and the daily look at what a recovery would need.
    expect(repeated).toHaveLength(2);
    for (const { Properties } of repeated) {
      expect(Properties["MaximumEventAgeInSeconds"]).toBeGreaterThan(180);
    }
  });
});

describe("an alarm on heartbeats", () => {
  it("can ring: an invocation that could not write one has failed", () => {
    const failures = { acme: "refused: password authentication failed" };
    expect(() => beaten({ beats: 3, failures })).toThrow(/acme: refused: password/);
  });

  it.each<[string, BeatReport]>([
    ["all are written", { beats: 4, failures: {} }],
    ["a server is down", { beats: 3, failures: { acme: "unreachable: ECONNREFUSED" } }],
  ])("stays still while %s", (_what, report) => {
    expect(beaten(report)).toEqual(report);
  });
});
