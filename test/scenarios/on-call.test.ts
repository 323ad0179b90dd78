import { describe, expect, it } from "vitest";
import { NOTICES_AT_ONCE, type Notice, packed, unpacked } from "../../functions/notify/contract.ts";
import type { Call } from "../../functions/oncall/contract.ts";
import { ANN, BOB, FLEET, Night } from "../fakes/night.ts";

const OTHER = "eu-west-1";
const ID = "20261122025930000";

const down = (id = "acme", changes: Partial<Notice> = {}): Notice => ({
  ...{ kind: "incident-opened", instance: id, incident: ID, at: "2026-11-22T03:00:00.000Z" },
  lines: [`${id} is <down>.`, "It means this.", "Do that."],
  ...changes,
});

describe("an incident that nobody acknowledges", () => {
  it("is told to one after the other of those on call, and again", async () => {
    const night = new Night();
    await night.tell(down());
    await night.pass(4);
    expect(night.calls).toEqual([]);
    await night.pass(2);
    expect(night.calls).toEqual([ANN]);
    await night.pass(20);
    expect(night.calls).toEqual([ANN, BOB, ANN]);
    const mail = night.alerts.mails.find(({ subject }) => subject.includes("YOU ARE CALLED"));
    expect(mail?.subject).toBe("[sla] critical: acme: YOU ARE CALLED");
    expect(mail?.text).toContain(`npx sla ack ${ID} --instance acme`);
  });

  it("calls only whoever is due, however long nobody looked", async () => {
    const night = new Night();
    await night.tell(down());
    await night.clock.wait(4 * 3600);
    await night.round(FLEET);
    await night.round(FLEET);
    expect(night.calls).toEqual([ANN]);
  });

  it("calls once for what it could not write down, and goes on", async () => {
    const night = new Night();
    await night.tell(down());
    await night.pass(4);
    const before = night.ledger.peek<Call>(`calls/acme/${ID}.json`);
    await night.pass(2);
    night.ledger.put(`calls/acme/${ID}.json`, before);
    await night.pass(1);
    expect(night.calls).toEqual([ANN]);
    await night.pass(11);
    expect(night.calls).toEqual([ANN, BOB]);
  });

  it("comes at the pace of the instance's plan", async () => {
    const night = new Night();
    const plans = Object.fromEntries(
      Object.entries(FLEET.plans).map(([name, plan]) => [
        name,
        { ...plan, escalateAfterMinutes: 2 },
      ]),
    );
    await night.tell(down());
    for (let minute = 0; minute < 5; minute += 1) {
      await night.clock.wait(60);
      await night.round({ ...FLEET, plans });
    }
    expect(night.calls).toEqual([ANN, BOB]);
  });

  it("makes one mail of all that one person is called for", async () => {
    const night = new Night();
    await night.tell(down("acme"), down("birch"));
    await night.pass(6);
    expect(night.calls).toEqual([ANN]);
    expect(night.alerts.mails.at(-1)?.subject).toContain("acme and 1 more");
  });

  it("calls for a lost region once, not for each of its instances", async () => {
    const night = new Night();
    const within = { within: "20261122025900000" };
    const lost = down("eu-central-2", { kind: "region-lost" });
    await night.tell(lost, down("acme", within), down("birch", within));
    expect(night.ledger.keys("calls/")).toEqual([`calls/eu-central-2/${ID}.json`]);
  });
});

describe("nobody is called any more", () => {
  const ways = {
    "when it is over": (night: Night) => night.tell(down("acme", { kind: "incident-closed" })),
    "when its record says so in another site": async (night: Night) =>
      night.ledgers.at(OTHER).put(`incidents/acme/${ID}.json`, { closedAt: "2026-11-22T03:06Z" }),
    "when somebody says so by the command, in another site": async (night: Night) =>
      night.ledgers
        .at(OTHER)
        .put(`acks/acme/${ID}.json`, { by: "ops", at: "2026-11-22T03:06Z", reason: "on it" }),
    "when somebody follows the link": (night: Night) => night.visit(night.linkTo(ANN)),
  };

  it.each(Object.entries(ways))("%s, and who was called hears it", async (_, way) => {
    const night = new Night();
    await night.tell(down());
    await night.pass(6);
    expect(night.calls).toEqual([ANN]);
    night.ledgers.cutOff("eu-central-2");
    await way(night);
    await night.pass(60);
    expect(night.calls).toEqual([ANN]);
    const last = night.alerts.mails.filter(({ recipient }) => recipient === ANN).at(-1);
    expect(last?.subject).toBe("[sla] info: acme: no call any more");
    expect(night.alerts.mails.filter(({ recipient }) => recipient === BOB)).toEqual([]);
  });

  it("and is not, when more is told of what somebody has acknowledged", async () => {
    const night = new Night();
    await night.tell(down());
    await night.pass(6);
    await night.visit(night.linkTo(ANN));
    await night.tell(down("acme", { kind: "failover-halted", occasion: "fo-1" }));
    await night.pass(60);
    expect(night.calls).toEqual([ANN]);
  });
});

/** An old primary whose fence was in force at some time, and is not any more. */
const unfenced = (lookedAt: string, revision = 4): Notice => ({
  ...down("acme", { kind: "fence-debt-owed-again" }),
  occasion: `fo-1-${lookedAt.replace(/\D/g, "")}`,
  debt: { database: "acme-db", since: "2026-11-20T03:00:00.000Z", lookedAt, revision },
});
const FIRST = "2026-11-21T03:00:00.000Z";

describe("a trouble that comes back", () => {
  it("calls anew for a fence that is taken off another night, whoever took care of the first", async () => {
    const night = new Night();
    await night.tell(unfenced(FIRST));
    await night.pass(6);
    await night.visit(night.linkTo(ANN));
    await night.pass(24 * 60);
    expect(night.calls).toEqual([ANN]);
    await night.tell(unfenced("2026-11-22T03:00:00.000Z", 6));
    await night.pass(6);
    expect(night.calls).toEqual([ANN, ANN]);
  });

  it("calls anew for a site that falls silent again within the hour", async () => {
    const night = new Night();
    const silent = (incident: string) => down(OTHER, { kind: "site-silent", incident });
    await night.tell(silent("silent-20261122030000"));
    await night.pass(6);
    await night.tell(down(OTHER, { kind: "site-heard", incident: "silent-20261122030000" }));
    await night.tell(silent("silent-20261122030700"));
    await night.pass(6);
    expect(night.calls).toEqual([ANN, ANN]);
  });
});

describe("a fence that is owed", () => {
  const owed = { database: "acme-db", since: "2026-11-20T03:00:00.000Z", lookedAt: FIRST };
  const ends = {
    "paid, as the ledger of another site says": { ...owed, state: "paid", revision: 5 },
    "given up": { ...owed, state: "cancelled", revision: 5 },
    "a database that was deleted for good": { ...owed, state: "retired", revision: 5 },
    "set aside for another, and paid": { ...owed, state: "paid", revision: 6, kind: "aside" },
    "paid and taken off again, which is another call": {
      ...owed,
      ...{ state: "owed", lookedAt: "2026-11-22T03:02:00.000Z", revision: 6 },
    },
  };

  it.each(Object.entries(ends))("calls nobody any more when it is %s", async (_, debt) => {
    const night = new Night();
    await night.tell(unfenced(FIRST));
    await night.pass(6);
    const kind = "kind" in debt ? "fence-acme-db" : "fence";
    night.ledgers.at(OTHER).put(`debts/acme/${kind}.json`, debt);
    await night.pass(60);
    expect(night.calls).toEqual([ANN]);
    expect(night.alerts.mails.at(-1)?.subject).toContain("no call any more");
  });

  const others = {
    "a ledger that was away still has its payment of before": { state: "paid", revision: 3 },
    "it is as it was": { state: "owed", revision: 5 },
    "another database is fenced": { state: "paid", revision: 9, database: "acme-db-sla2" },
  };

  it.each(Object.entries(others))("goes on calling where %s", async (_, changes) => {
    const night = new Night();
    await night.tell(unfenced(FIRST));
    night.ledgers.at(OTHER).put("debts/acme/fence.json", { ...owed, ...changes });
    await night.pass(17);
    expect(night.calls).toEqual([ANN, BOB]);
  });
});

describe("a site that is silent", () => {
  const SILENT = "silent-20261122025900";
  const told = (
    shards: readonly string[],
    incident = SILENT,
    since = "2026-11-22T02:59:00.000Z",
  ) => ({
    ...{ site: OTHER, incident, since, shards },
  });

  it.each([
    ["it is heard by all shards, whose mail got lost", told([]), 1],
    ["it was heard and is silent anew", told(["s00"], "silent-2", "2026-11-22T03:04:00.000Z"), 1],
    ["some shards still hear nothing", told(["s01"]), 2],
  ] as const)("calls by what the ledger says: %s", async (_, silence, times) => {
    const night = new Night();
    await night.tell(down(OTHER, { kind: "site-silent", incident: SILENT }));
    await night.pass(6);
    night.ledger.put(`watches/silent--${OTHER}.json`, silence);
    await night.pass(11);
    expect(night.calls).toHaveLength(times);
  });
});

describe("what could not be done at once", () => {
  const unsent = (night: Night) =>
    night.ledger
      .keys("unsent/")
      .flatMap((key) => night.ledger.peek<{ state: string; notice: Notice }>(key) ?? [])
      .filter(({ state }) => state === "unsent");
  const again = (night: Night) => night.tell(...unsent(night).map(({ notice }) => notice));

  it("opens a call with the next round that the ledger did not take, and mails nothing twice", async () => {
    const night = new Night();
    const create = night.ledger.create.bind(night.ledger);
    night.ledger.create = async (key, value) => {
      if (key.startsWith("calls/")) throw new Error("no calls today");
      return create(key, value);
    };
    await night.tell(down());
    expect(night.ledger.keys("calls/")).toEqual([]);
    night.ledger.create = create;
    await again(night);
    expect(unsent(night)).toEqual([]);
    await night.pass(6);
    expect(night.calls).toEqual([ANN]);
    const first = night.alerts.mails.filter(({ subject }) => subject.includes("incident opened"));
    expect(new Set(first.map(({ recipient }) => recipient)).size).toBe(first.length);
  });

  it("calls nobody by a mail that could not leave before it was over", async () => {
    const night = new Night();
    await night.tell(down());
    await night.pass(4);
    night.alerts.failing = 1;
    await night.pass(1);
    expect(unsent(night)).toHaveLength(1);
    await night.tell(down("acme", { kind: "incident-closed" }));
    await again(night);
    expect(night.calls).toEqual([]);
    expect(unsent(night)).toEqual([]);
  });
});

describe("the link in a mail", () => {
  const called = async () => {
    const night = new Night();
    await night.tell(down());
    await night.pass(6);
    return night;
  };

  it("opens a page that asks, and only its button acts; the first who presses it stands", async () => {
    const night = await called();
    const link = night.linkTo(ANN);
    const asks = await night.visit(link, "GET");
    expect([asks.status, asks.body]).toEqual([200, expect.stringContaining("&lt;down&gt;")]);
    expect(night.ledger.keys("acks/")).toEqual([]);
    expect((await night.visit(link)).status).toBe(200);
    expect(night.ledger.peek(`acks/acme/${ID}.json`)).toMatchObject({ by: ANN });
    const second = await night.visit(night.linkTo(FLEET.provider.contact));
    expect([second.status, second.body]).toEqual([409, expect.stringContaining(ANN)]);
    expect(night.ledger.peek(`acks/acme/${ID}.json`)).toMatchObject({ by: ANN });
  });

  it("is good for one incident, one person and one day, and for nothing that was changed in it", async () => {
    const night = await called();
    await night.tell(down("birch"));
    const link = night.linkTo(ANN);
    const wrong = [
      link.replace("/acme/", "/birch/"),
      link.replace(/\/1\//, "/0/"),
      link.replace(/\/(\d{10})\//, (_, until) => `/${Number(until) + 3600}/`),
      link.slice(0, -1),
      "https://page.example/ack/acme",
    ];
    for (const each of wrong) {
      expect(each).not.toBe(link);
      expect((await night.visit(each)).status).toBe(404);
    }
    await night.clock.wait(24 * 3600);
    expect((await night.visit(link)).status).toBe(410);
    expect((await night.visit(link, "DELETE")).status).toBe(405);
    expect(night.ledger.keys("acks/")).toEqual([]);
  });

  it("does nothing once it is over", async () => {
    const night = await called();
    const link = night.linkTo(ANN);
    await night.tell(down("acme", { kind: "incident-closed" }));
    await night.pass(1);
    expect((await night.visit(link)).status).toBe(410);
    expect(night.ledger.keys("acks/")).toEqual([]);
  });
});

describe("a storm", () => {
  const storm = Array.from({ length: 1000 }, (_, n) => down(`instance-${n}`));

  it("of a thousand instances makes one mail for each recipient of a request, and one call", async () => {
    const night = new Night();
    await night.tell(...storm);
    expect(night.alerts.mails.map(({ recipient }) => recipient)).toEqual([FLEET.provider.contact]);
    await night.pass(6);
    expect(night.calls).toEqual([ANN]);
  });

  it("is packed into what an asynchronous invocation carries, and comes out as it went in", () => {
    const lines = (n: number) => [
      `https://instance-${n}.example.ch/web/health has not answered well since 2026-11-22T02:59:30.000Z (connection refused by 10.${n % 256}.7.1).`,
      `A majority of the vantages agrees. Its primary is instance-${n}-db in eu-central-2.`,
      "If the database is silent too, its standby in eu-central-1 is next; watch for further mail.",
    ];
    const notices = storm
      .slice(0, NOTICES_AT_ONCE)
      .map((notice, n): Notice => ({ ...notice, lines: lines(n) }));
    const handed = packed({ notices, again: true });
    expect(JSON.stringify(handed).length).toBeLessThan(96 * 1024);
    expect(unpacked(handed)).toEqual({ notices, again: true });
    expect(packed({ notices: notices.slice(0, 100) })).toEqual({ notices: notices.slice(0, 100) });
  });
});
