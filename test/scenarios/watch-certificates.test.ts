import { describe, expect, it } from "vitest";
import { keys } from "../../functions/ledger/contract.ts";
import type { RoundRecord } from "../../functions/watch/contract.ts";
import { tlsVantage } from "../../lib/sla/tls.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const OWNER = "eu-central-1";
const HOME = "eu-central-2";
const CONTROL = "eu-west-1";
const BEGINNING = Date.parse("2026-03-02T10:00:00Z");
const DAY_MS = 86_400_000;
const ACME = instance("acme", { url: "https://acme.example.ch/health" });
const FLEET = fleetOf([ACME, instance("birch", { url: "http://birch.example.ch/" })]);

/** The minutes after the beginning in which somebody shakes hands with acme: twice a day. */
const [FIRST = 0, SECOND = 0] = Array.from({ length: 1441 }, (_, minute) => minute).filter(
  (minute) => {
    const slot = { atMs: BEGINNING + minute * 60_000, everyMs: 60_000, dayMs: DAY_MS };
    return tlsVantage("acme", FLEET.vantages, slot) !== undefined;
  },
);

const OLD = "2026-03-12T10:00:00.000Z";
const NEW = "2026-06-12T10:00:00.000Z";
const ends = (certificateEnds: string) => ({ protocol: "TLSv1.3", certificateEnds });

class Certificates extends WatchWorld {
  constructor() {
    super(FLEET);
  }

  /** What the handshake of that minute shows. */
  async shows(
    minute: number,
    tls: ReturnType<typeof ends> & { trouble?: string },
    sites = [OWNER],
  ) {
    this.tls.set("acme", tls);
    return this.minutes((minute - 2) * 60, 5, sites);
  }

  news(kind = "certificate") {
    return this.notices.filter((notice) => notice.kind.startsWith(kind));
  }

  get kinds() {
    return this.news().map(({ kind }) => kind);
  }
}

describe("a certificate that ends soon", () => {
  it("is told as a warning, and its handshake recorded in the round", async () => {
    const world = new Certificates();
    await world.shows(FIRST, ends(OLD));
    const told = world.news();
    expect(told).toMatchObject([
      {
        ...{ kind: "certificate-ends", instance: "acme" },
        ...{ incident: "certificate-2026-03-12", occasion: "below-14" },
      },
    ]);
    expect(told[0]?.lines.join(" ")).toMatch(/acme\.example\.ch shows ends 2026-03-12.*runbook/s);
    const seen = world.ledgers
      .at(OWNER)
      .keys("rounds/")
      .flatMap((key) => world.ledgers.at(OWNER).peek<RoundRecord>(key)?.looks ?? [])
      .flatMap(({ instances }) => instances["acme"]?.tls ?? []);
    expect(seen).toMatchObject([{ protocol: "TLSv1.3", vantage: expect.stringMatching(/^eu-/) }]);
    expect(keys.round(seen[0]?.at ?? "", "s00")).toMatch(/^rounds\//);
    expect(QUICK_PLAN.watch.everySeconds).toBeLessThanOrEqual(60);
  });

  it("is no news where it lasts", async () => {
    const world = new Certificates();
    await world.shows(FIRST, ends(NEW));
    expect(world.kinds).toEqual([]);
    expect(world.ledgers.at(OWNER).keys("watches/certificate--")).toEqual([]);
  });
});

describe("a certificate that was renewed", () => {
  it("is told once, under the name of the one that ended", async () => {
    const world = new Certificates();
    await world.shows(FIRST, ends(OLD));
    await world.shows(SECOND, ends(NEW));
    await world.shows(FIRST + 1440, ends(NEW));
    expect(world.kinds).toEqual(["certificate-ends", "certificate-well"]);
    const [, well] = world.news();
    expect(well).toMatchObject({ instance: "acme", incident: "certificate-2026-03-12" });
    expect(well?.lines.join(" ")).toMatch(/shows ends 2026-06-12.*ends 2026-03-12.*hear no more/);
  });

  it.each([
    ["nobody saw one", {}],
    ["it is not valid for the name", { ...ends(NEW), trouble: "certificate of another host" }],
    ["the new one ends as soon", ends("2026-03-13T10:00:00.000Z")],
  ])("is none where %s", async (_, tls) => {
    const world = new Certificates();
    await world.shows(FIRST, ends(OLD));
    await world.shows(SECOND, tls as ReturnType<typeof ends>);
    expect(world.kinds).not.toContain("certificate-well");
  });

  it("is told with the next handshake if the mail could not be handed over", async () => {
    const world = new Certificates();
    await world.shows(FIRST, ends(OLD));
    world.onNotify = ({ notices }) => {
      if (notices.some(({ kind }) => kind === "certificate-well")) throw new Error("no mail");
    };
    const reports = await world.shows(SECOND, ends(NEW));
    expect(reports.flatMap(({ failures }) => failures)).toContain("Error: no mail");
    expect(world.kinds).toEqual(["certificate-ends"]);
    world.onNotify = () => undefined;
    await world.shows(FIRST + 1440, ends(NEW));
    expect(world.kinds).toEqual(["certificate-ends", "certificate-well"]);
  });

  it("is known by whoever watches then, and told by one of them alone", async () => {
    const world = new Certificates();
    await world.shows(FIRST, ends(OLD));
    const told = { instance: "acme", ends: OLD };
    world.ledgers.at(OWNER).remove(keys.certificate("acme"));
    for (const site of [HOME, CONTROL]) world.ledgers.at(site).put(keys.certificate("acme"), told);
    await world.shows(SECOND, ends(NEW));
    await world.shows(FIRST + 1440, ends(NEW));
    expect(world.kinds).toEqual(["certificate-ends", "certificate-well"]);
    expect(world.ledgers.at(HOME).peek(keys.certificate("acme"))).toHaveProperty("wellAt");
  });

  it("is told although another ledger is silent, and the old one can be told of anew", async () => {
    const world = new Certificates();
    await world.shows(FIRST, ends(OLD));
    world.ledgers.cutOff(HOME);
    await world.shows(SECOND, ends(NEW));
    await world.shows(FIRST + 1440, ends("2026-03-14T10:00:00.000Z"));
    await world.shows(SECOND + 1440, ends(NEW));
    expect(world.news("certificate-well").map(({ incident }) => incident)).toEqual([
      "certificate-2026-03-12",
      "certificate-2026-03-14",
    ]);
  });
});

describe("a certificate that nobody looks at any more", () => {
  const told = (id: string) => ({ instance: id, ends: OLD });
  const left = { instance: "acme", at: "2026-03-02T09:00:00.000Z", by: "ops", reason: "moved" };
  const HOUR = 3600;

  const ways: readonly (readonly [string, string, (world: Certificates) => void])[] = [
    ["who has left", "acme", ({ ledgers }) => ledgers.at(CONTROL).put(keys.left("acme"), left)],
    ["who is in the fleet no more", "cedar", () => undefined],
    ["whose url is no https any more", "birch", () => undefined],
  ];

  it.each(ways)("of an instance %s is told once", async (_, id, happens) => {
    const world = new Certificates();
    world.ledgers.at(OWNER).put(keys.certificate(id), told(id));
    happens(world);
    for (const hour of [1, 2, 3]) await world.tick(CONTROL, hour * HOUR);
    expect(world.news()).toMatchObject([
      { kind: "certificate-well", instance: id, incident: "certificate-2026-03-12" },
    ]);
    expect(world.news()[0]?.lines.join(" ")).toContain("Nobody looks at its certificate any more");
  });

  it("is not told of who is there, or stays after all; and is asked for once an hour, by control alone", async () => {
    const world = new Certificates();
    const undone = { ...left, undone: { at: "", by: "ops", reason: "they stay" } };
    world.ledgers.at(OWNER).put(keys.certificate("acme"), told("acme"));
    world.ledgers.at(CONTROL).put(keys.left("acme"), undone);
    world.ledgers.at(OWNER).put(keys.certificate("cedar"), told("cedar"));
    await world.tick(CONTROL, HOUR + 60);
    for (const site of [OWNER, HOME]) await world.tick(site, HOUR);
    expect(world.kinds).toEqual([]);
    await world.tick(CONTROL, 2 * HOUR);
    expect(world.news().map((notice) => notice.instance)).toEqual(["cedar"]);
  });
});
