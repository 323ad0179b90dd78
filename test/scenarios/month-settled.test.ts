import { describe, expect, it } from "vitest";
import type { InstanceMonth } from "../../lib/books/month-report.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";
import { monthReport, type WholeMonth } from "../fakes/whole-month.ts";

const SOLD = {
  ...QUICK_PLAN,
  availability: { objectivePercent: "99.9", exclusions: [] },
};
const FLEET = fleetOf([instance("acme"), instance("birch")], SOLD);
const OWNER = "eu-central-1";
const BEGINNING = Date.parse("2026-03-02T10:00:00Z");

/** What the books say of so many minutes of a night, from the ledgers of all sites. */
async function settled(
  world: WatchWorld,
  minutes: number,
  id = "acme",
): Promise<InstanceMonth & Pick<WholeMonth, "evidence">> {
  const wish = {
    ...{ month: "2026-03", instances: FLEET.instances },
    part: { beganMs: BEGINNING, endedMs: BEGINNING + minutes * 60_000 },
    now: () => Date.parse("2026-04-02T00:00:00Z"),
  };
  const shelves = Object.keys(FLEET.sites).map((site) => world.ledgers.at(site));
  const report = await monthReport(wish, FLEET, shelves);
  const found = report.instances.find((each) => each.instance === id);
  if (!found) throw new Error(`no month of ${id}`);
  return { ...found, evidence: report.evidence };
}

const shelf = (world: WatchWorld) => world.ledgers.at(OWNER);

describe("a night in the books, from what the watch has written down", () => {
  it("has a down minute for every one with a bad look, and leaves the neighbour alone", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 61, 360);
    await world.minutes(0, 20);
    const acme = await settled(world, 20);
    expect(acme.minutes).toMatchObject({ total: 20, up: 15, down: 5, unobserved: 0 });
    expect(acme).toMatchObject({ availability: "75.000000", held: false, longestOutageMinutes: 5 });
    expect((await settled(world, 20, "birch")).minutes).toMatchObject({ up: 20, down: 0 });
  });

  it("counts what was too short for an incident", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 100, 110).fault("app acme", 300, 320);
    await world.minutes(0, 10);
    expect(world.told("acme")).toEqual([]);
    expect((await settled(world, 10)).minutes).toMatchObject({ up: 8, down: 2 });
  });

  it("believes no vantage that says it alone", async () => {
    const world = new WatchWorld(FLEET).fault("wrong eu-north-1", 0, 300);
    await world.minutes(0, 10);
    expect((await settled(world, 10)).minutes).toMatchObject({ up: 10, down: 0 });
  });

  it("knows nothing of minutes in which most vantages were blind", async () => {
    const world = new WatchWorld(FLEET)
      .fault("blind eu-north-1", 120, 300)
      .fault("blind eu-west-1", 120, 300);
    await world.minutes(0, 10);
    const acme = await settled(world, 10);
    expect(acme.minutes).toMatchObject({ up: 7, down: 0, unobserved: 3 });
    expect(acme).toMatchObject({ held: true, provable: false });
  });

  it("counts a minute once that two sites have looked at, or one twice", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 0, 120);
    const [site = ""] = Object.keys(FLEET.sites);
    await world.minutes(0, 6);
    for (const begin of [0, 60, 180]) await world.tick(site, begin, { late: 30 });
    expect((await settled(world, 6)).minutes).toMatchObject({ total: 6, up: 4, down: 2 });
  });

  it("goes on where control watches in a silent owner's stead", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 900, 1200);
    await world.minutes(0, 5);
    await world.minutes(300, 15, [FLEET.control]);
    await world.minutes(1200, 5);
    const { minutes } = await settled(world, 25);
    expect(minutes.down).toBe(5);
    expect(minutes.unobserved).toBeGreaterThan(0);
    expect(minutes.unobserved).toBeLessThan(10);
  });

  it("is not talked round by somebody who changes verdicts afterwards", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 61, 360);
    await world.minutes(0, 10);
    for (const key of shelf(world).keys("rounds/")) {
      const written = JSON.stringify(shelf(world).peek(key));
      shelf(world).put(key, JSON.parse(written.replaceAll('"verdict":"down"', '"verdict":"up"')));
    }
    expect((await settled(world, 10)).minutes).toMatchObject({ up: 5, down: 5 });
  });

  it("does not count a good minute again under the key of a bad one", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 60, 360);
    await world.minutes(0, 10);
    const [good = "", ...others] = shelf(world).keys("rounds/");
    // Whoever replaces evidence makes minutes that nobody saw, and is named.
    for (const key of others.slice(0, 5)) shelf(world).put(key, shelf(world).peek(good));
    const { evidence, minutes } = await settled(world, 10);
    expect(minutes).toMatchObject({ up: 5, down: 0, unobserved: 5 });
    expect(evidence).toMatchObject({ rounds: 5, misplaced: others.slice(0, 5) });
  });
});
