import { describe, expect, it } from "vitest";
import { executionName } from "../../functions/failover/contract.ts";
import { digestsOf } from "../../functions/notify/digest.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { fleetOf, instance } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const HOME = "eu-central-2";
const OWNER = "eu-central-1";
const PROVIDER = "ops@orchard.example";
const IDS = ["acme", "birch", "cherry", "damson", "elder"];

function town(ids = IDS, changes: Partial<Instance> = {}): WatchWorld {
  return new WatchWorld(fleetOf(ids.map((id) => instance(id, changes))));
}

/** Mails, as `notify` puts them together, of all that was told. */
const mailsTo = (world: WatchWorld, recipient: string) =>
  digestsOf(world.notices, world.fleet)
    .filter((digest) => digest.recipient === recipient)
    .flatMap(({ notices }) => notices);

const startedIn = (world: WatchWorld) => [...new Set(world.started.map((each) => each.instance))];

/** What a failover does to its lock while it runs, and when it has ended. */
function lock(world: WatchWorld, id: string, state: "held" | "free", untilSeconds = 7200) {
  const until = new Date(Date.parse("2026-03-02T10:00:00Z") + untilSeconds * 1000).toISOString();
  const since = until;
  world.ledgers.at(OWNER).put(`locks/${id}.json`, { state, by: `fo-${id}`, until, since });
}

describe("a region that is lost", () => {
  it("is one mail to the provider, and one to each customer's contacts of their own", async () => {
    const world = town().fault(`region ${HOME}`, 100);
    await world.minutes(0, 5, [OWNER]);
    expect(mailsTo(world, PROVIDER).map(({ kind, instance: of }) => [kind, of])).toEqual([
      ["region-lost", HOME],
    ]);
    for (const id of IDS) {
      const own = mailsTo(world, `it@${id}.example.ch`);
      expect(own.map(({ kind, instance: of }) => [kind, of])).toEqual([["incident-opened", id]]);
    }
  });

  it("is one record, in this site and at control, and each failover knows what it is part of", async () => {
    const world = town().fault(`region ${HOME}`, 100);
    await world.minutes(0, 5, [OWNER]);
    const key = `incidents/region--${HOME}/`;
    for (const site of [OWNER, "eu-west-1"]) {
      expect(world.ledgers.at(site).keys(key)).toHaveLength(1);
    }
    const [name = ""] = world.ledgers.at(OWNER).keys(key);
    const record = world.ledgers.at(OWNER).peek<{ incident: string; members: string[] }>(name);
    expect(record?.members.toSorted()).toEqual(IDS);
    expect(world.started.length).toBeGreaterThan(0);
    for (const { within } of world.started) expect(within).toBe(record?.incident);
  });

  it("still tells the provider of what needs a person", async () => {
    const world = town(IDS, { failover: "alert-only" }).fault(`region ${HOME}`, 100);
    await world.minutes(0, 6, [OWNER]);
    const kinds = mailsTo(world, PROVIDER).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "recovery-needed")).toHaveLength(IDS.length);
    expect(kinds).not.toContain("incident-opened");
  });

  it("ends, in its record, when all that was down is somebody else's", async () => {
    const world = town().fault(`region ${HOME}`, 100);
    await world.minutes(0, 4, [OWNER]);
    for (const id of IDS) world.promote(id, 240);
    await world.minutes(240, 6, [OWNER]);
    const [name = ""] = world.ledgers.at(OWNER).keys(`incidents/region--${HOME}/`);
    expect(world.ledgers.at(OWNER).peek(name)).toMatchObject({ closedAt: expect.any(String) });
    expect(world.state(OWNER)?.regions).toEqual({});
  });

  it("stays one trouble for the provider when control sees its instances well again", async () => {
    const world = town().fault(`region ${HOME}`, 100);
    await world.minutes(0, 4);
    for (const id of IDS) world.promote(id, 240);
    await world.minutes(240, 6);
    expect(world.told("acme")).toContain("incident-closed");
    expect(mailsTo(world, PROVIDER).map(({ kind }) => kind)).toEqual([
      "region-lost",
      ...mailsTo(world, PROVIDER)
        .map(({ kind }) => kind)
        .filter((kind) => kind.startsWith("site-")),
    ]);
    expect(mailsTo(world, "it@acme.example.ch").map(({ kind }) => kind)).toContain(
      "incident-closed",
    );
  });

  it("is not made of one instance, nor of most of those whose region answers", async () => {
    const alone = town(["acme"]).fault(`region ${HOME}`, 100);
    await alone.minutes(0, 5, [OWNER]);
    expect(mailsTo(alone, PROVIDER).map(({ kind }) => kind)).toEqual(["incident-opened"]);
    const most = town();
    for (const id of IDS.slice(1)) most.fault(`database ${id}-db`, 100);
    await most.minutes(0, 5, [OWNER]);
    expect(mailsTo(most, PROVIDER).every(({ kind }) => kind === "incident-opened")).toBe(true);
    expect(mailsTo(most, PROVIDER)).toHaveLength(IDS.length - 1);
  });
});

describe("failovers of a lost region", () => {
  /** The later in the alphabet, the tighter the promise. */
  function ranked(atOnce: number): WatchWorld {
    const plan = fleetOf([]).plans["quick"];
    if (!plan) throw new Error("the fleet has a plan");
    const plans = Object.fromEntries(
      IDS.map((id, index): [string, Plan] => [
        id,
        {
          ...plan,
          name: id,
          serverLoss: { rpoSeconds: 300, rtoSeconds: 9000 - index * 1000, includesDns: true },
        },
      ]),
    );
    const fleet = { ...fleetOf(IDS.map((id) => instance(id, { plan: id }))), plans };
    return Object.assign(new WatchWorld(fleet), { atOnce }).fault(`region ${HOME}`, 100);
  }

  it("start in the order of their RTO, no more than the bound", async () => {
    const world = ranked(2);
    await world.minutes(0, 3, [OWNER]);
    expect(startedIn(world)).toEqual(["elder", "damson"]);
  });

  it("follow as others end, halt or are promoted, until all have begun", async () => {
    const world = ranked(2);
    await world.minutes(0, 3, [OWNER]);
    for (const id of ["elder", "damson"]) lock(world, id, "held");
    await world.minutes(180, 2, [OWNER]);
    expect(startedIn(world)).toHaveLength(2);
    lock(world, "elder", "free");
    await world.minutes(300, 1, [OWNER]);
    expect(startedIn(world)).toEqual(["elder", "damson", "cherry"]);
    for (const id of ["damson", "cherry"]) lock(world, id, "free");
    await world.minutes(360, 4, [OWNER]);
    expect(startedIn(world).toSorted()).toEqual(IDS);
  });

  it("do not wait for ever for one that stands still", async () => {
    const world = ranked(1);
    await world.minutes(0, 3, [OWNER]);
    lock(world, "elder", "held", 150 + 3600);
    await world.minutes(180, 10, [OWNER]);
    expect(startedIn(world)).toEqual(["elder"]);
    await world.minutes(780, 15, [OWNER]);
    expect(startedIn(world).length).toBeGreaterThan(1);
  });

  it("survive a watch that dies: nothing is due twice, nothing is forgotten", async () => {
    const world = ranked(2);
    await world.minutes(0, 3, [OWNER]);
    // Nobody looks for ten minutes; then another process does.
    for (const id of ["elder", "damson"]) lock(world, id, "free");
    await world.minutes(780, 8, [OWNER]);
    expect(startedIn(world).toSorted()).toEqual(IDS);
    expect(world.executions()).toHaveLength(IDS.length);
    expect(new Set(world.started.map(executionName)).size).toBe(IDS.length);
  });
});
