import { beforeEach, describe, expect, it } from "vitest";
import { addressOf, audiencesOf, folderOf } from "../../../functions/status/address.ts";
import type { SealedDays, StatusMemory } from "../../../functions/status/contract.ts";
import { listener } from "../../../functions/status/heard.ts";
import { publishPages, type World } from "../../../functions/status/publish.ts";
import { sealedDaysReader } from "../../../functions/status/sealed.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { instance } from "../../fakes/fleet.ts";
import { MemoryShowcase } from "../../fakes/showcase.ts";
import { CONTROL, down, Estate, good, HOME, INSTANCES, incident, NOW, STANDBY } from "./fixture.ts";

const ADDRESS = "https://status.example/";
const SECRET = "s3cret";

let estate: Estate;
let clock: FakeClock;
let showcase: MemoryShowcase;
let world: World;

const start = (instances = INSTANCES) => {
  estate = new Estate(instances);
  clock = new FakeClock(NOW);
  showcase = new MemoryShowcase();
  world = worldOf();
};
const worldOf = (): World => ({
  ...{ region: CONTROL, fleet: estate.fleet, address: ADDRESS, clock, showcase },
  ledger: estate.memory.at(CONTROL),
  hear: listener(estate.fleet, estate.memory.at, clock),
  sealedDays: sealedDaysReader(estate.memory.at(CONTROL), clock),
  secret: async () => SECRET,
});
beforeEach(() => start());

const pageOf = (key: string) => showcase.body(`${folderOf(SECRET, key)}index.html`);
const after = (seconds: number) => clock.until(new Date(clock.now().getTime() + seconds * 1000));

describe("publishing", () => {
  it("puts a page for everybody and one for each customer, with feeds", async () => {
    const published = await publishPages(world);
    expect(published).toEqual({ pages: 27, written: 27, removed: 0, silent: [] });
    expect(showcase.keys().filter((key) => !key.startsWith("c/"))).toEqual(
      [
        "404.html",
        "feed.atom",
        "feed.json",
        "index.html",
        "maintenance.ics",
        "status.json",
        "style.css",
      ].toSorted(),
    );
    const keys = ["instance acme", "instance birch", "customer auth0|dale", "customer auth0|both"];
    for (const key of keys) expect(pageOf(key)).toContain("Everything is up.");
    expect(pageOf("customer auth0|both")).toMatch(/dale[\s\S]*elm/);
    expect(pageOf("customer auth0|dale")).not.toContain("elm");
  });

  it("writes nothing where nothing has changed, within the quarter of an hour", async () => {
    await publishPages(world);
    await after(60);
    estate.sees(
      Object.fromEntries(
        INSTANCES.map(({ id }) => [
          id,
          { ...good(), lastSlot: clock.now().toISOString(), lastGoodAt: clock.now().toISOString() },
        ]),
      ),
    );
    expect(await publishPages(worldOf())).toMatchObject({ written: 0, removed: 0 });
    expect(
      estate.memory.at(CONTROL).writes.filter((key) => key.startsWith("status/")),
    ).toHaveLength(1);
    await after(400);
    const { written } = await publishPages(world);
    expect(written).toBe(10);
    expect(showcase.body("index.html")).toContain("2026-11-22T10:15:00.000Z");
  });

  it("says at once that something is down, to whom it concerns", async () => {
    await publishPages(world);
    estate.sees({
      ...Object.fromEntries(INSTANCES.map(({ id }) => [id, good()])),
      acme: down("2026-11-22T10:06:00.000Z"),
    });
    await publishPages(world);
    expect(pageOf("instance acme")).toContain("Everything is down.");
    expect(pageOf("instance acme")).toContain("2026-11-22 11:06");
    expect(pageOf("instance birch")).toContain("Everything is up.");
    expect(showcase.body("index.html")).toContain("Some of them are down");
    expect(JSON.parse(showcase.body("feed.json")).items).toHaveLength(1);
  });

  it("names nobody on the page for everybody who is not to be seen", async () => {
    estate.incident(incident("acme", "2026-11-20T08:00:00.000Z", "2026-11-20T08:17:00.000Z"));
    estate.incident(incident("birch", "2026-11-21T08:00:00.000Z", "2026-11-21T08:05:00.000Z"));
    await publishPages(world);
    for (const key of ["index.html", "status.json", "feed.atom", "feed.json"]) {
      const text = showcase.body(key);
      expect(text).not.toMatch(/acme|dale|elm|auth0/);
      // Its name is public, its id is not.
      expect(text).not.toMatch(/birch/);
    }
    expect(showcase.body("feed.atom")).toContain("Birch shop down for 5 minutes");
    expect(showcase.body("feed.atom")).toContain(
      "Hosting in eu-central-2 (CH): some down for 17 minutes",
    );
  });

  it("takes away the page of a customer who is none any more, and no other file", async () => {
    await publishPages(world);
    showcase.files.set("robots.txt", { body: "of somebody", type: "text/plain" });
    const roles = estate.memory.at(HOME).peek<object>("roles/acme.json");
    estate.memory.at(HOME).put("roles/acme.json", { ...roles, epoch: 2, leftAt: NOW });
    expect(await publishPages(world)).toMatchObject({ removed: 5 });
    expect(showcase.has(`${folderOf(SECRET, "instance acme")}index.html`)).toBe(false);
    expect(showcase.has("robots.txt")).toBe(true);
  });

  it("takes no page away while a site that may know its customer says nothing", async () => {
    await publishPages(world);
    estate.memory.cutOff(STANDBY);
    const roles = estate.memory.at(CONTROL).peek<object>("roles/acme.json");
    estate.memory.at(CONTROL).put("roles/acme.json", { ...roles, epoch: 2, leftAt: NOW });
    expect(await publishPages(world)).toMatchObject({ removed: 0, kept: 5, silent: [STANDBY] });
    estate.memory.restore(STANDBY);
    expect(await publishPages(world)).toMatchObject({ removed: 5, silent: [] });
  });

  it("takes it away after a week of that silence, and at once where whoever is silent cannot know", async () => {
    await publishPages(world);
    const token = `${folderOf(SECRET, "instance acme")}index.html`;
    const orphan = "c/of-nobody-in-the-fleet/index.html";
    showcase.files.set(orphan, { body: "of who left the fleet", type: "text/html" });
    estate.memory.cutOff(STANDBY);
    const roles = estate.memory.at(CONTROL).peek<object>("roles/acme.json");
    estate.memory.at(CONTROL).put("roles/acme.json", { ...roles, epoch: 2, leftAt: NOW });
    expect(await publishPages(world)).toMatchObject({ removed: 1, kept: 5 });
    expect([showcase.has(token), showcase.has(orphan)]).toEqual([true, false]);
    await after(6.9 * 86_400);
    expect(await publishPages(world)).toMatchObject({ removed: 0, kept: 5 });
    await after(0.2 * 86_400);
    expect(await publishPages(world)).toMatchObject({ removed: 5 });
    expect(showcase.has(token)).toBe(false);
  });

  it("announces maintenance to whom it concerns, and takes what is down in it for no failure", async () => {
    const window = {
      ...{ window: "m20261122-1000-3f9a", kind: "planned", scope: "instance acme" },
      ...{ instances: ["acme"], fromAt: "2026-11-22T10:00:00.000Z" },
      ...{ toAt: "2026-11-22T11:00:00.000Z", reason: "new disks for Acme Ltd", by: "arn:ops" },
      announcedAt: "2026-11-20T09:00:00.000Z",
    };
    estate.memory.at(HOME).put("maintenance/m20261122-1000-3f9a.json", window);
    estate.memory.at(HOME).put("maintenance/torn.json", "no window");
    estate.sees({
      ...Object.fromEntries(INSTANCES.map(({ id }) => [id, good()])),
      acme: down("2026-11-22T10:06:00.000Z"),
    });
    await publishPages(world);
    expect(pageOf("instance acme")).toContain("Maintenance is under way.");
    expect(pageOf("instance acme")).toContain("new disks for Acme Ltd");
    expect(showcase.body("index.html")).toContain("Some of them are down for maintenance");
    for (const key of ["index.html", "maintenance.ics", "feed.atom", "status.json"]) {
      expect(showcase.body(key)).not.toContain("new disks");
    }
    const cancellation = { cancels: window.window, at: NOW, by: "arn:ops", reason: "done" };
    estate.memory.at(HOME).put("maintenance/m20261122-1000-3f9a.cancelled.json", cancellation);
    await publishPages(world);
    expect(pageOf("instance acme")).toContain("Everything is down.");
  });

  it("shows of sealed days what the books count, and reads that once in a quarter of an hour", async () => {
    estate.incident(incident("acme", "2026-11-20T08:00:00.000Z", "2026-11-20T08:17:30.000Z"));
    const control = estate.memory.at(CONTROL);
    const dayOf = (date: string) => {
      const { rows } = JSON.parse(showcase.body(`${folderOf(SECRET, "instance acme")}status.json`));
      return rows[0].days.find((day: { date: string }) => day.date === date);
    };
    await publishPages(world);
    expect(dayOf("2026-11-20")).toMatchObject({ minutes: 1440, down: 17.5, unseen: 0 });
    const sums: SealedDays = {
      ...{ timezone: estate.fleet.provider.timezone, first: "2026-11-19", last: "2026-11-20" },
      instances: { acme: { "2026-11-20": [18, 2] } },
    };
    control.put("status/days.json.gz", sums);
    await publishPages(world);
    expect(dayOf("2026-11-20")).toMatchObject({ down: 17.5 });
    await after(900);
    await publishPages(world);
    expect(dayOf("2026-11-20")).toMatchObject({ minutes: 1440, down: 18, unseen: 2 });
    expect(dayOf("2026-11-19")).toMatchObject({ down: 0, unseen: 0 });
    // Of birch nobody saw anything, as far as seals go.
    expect(showcase.body("status.json")).toContain(
      '"date":"2026-11-19","minutes":1440,"down":0,"unseen":1440',
    );
    expect(pageOf("instance acme")).toContain("down for 18 minutes");
  });

  it("mends what somebody else has changed or deleted", async () => {
    await publishPages(world);
    showcase.files.delete("index.html");
    showcase.files.set("style.css", { body: "body{}", type: "text/css" });
    expect(await publishPages(world)).toMatchObject({ written: 2 });
  });
});

describe("machines started from images", () => {
  const proven = { at: "2026-11-20T05:00:00.000Z", takenAt: "2026-11-19T03:00:00.000Z" };
  const trouble = { kind: "restore-test-failed", instance: "acme", since: NOW };
  const backups = () => pageOf("instance acme").split('id="backups"')[1]?.split("</section>")[0];
  const sold = () => {
    start([instance("acme", { machines: { [HOME]: "i-1" } }), instance("birch")]);
    for (const plan of Object.values(estate.fleet.plans)) {
      Object.assign(plan, { imageTests: { every: "2w" } });
    }
  };

  it("are shown with what was sold, what came up last, and whether that fails now", async () => {
    sold();
    estate.shelf(HOME, { acme: { newest: NOW, images: {} } });
    await publishPages(world);
    expect(backups()).toContain("none yet; promised every 2 weeks");
    estate.shelf(HOME, { acme: { newest: NOW, images: { proven } } }, [
      { ...trouble, of: "images" },
    ]);
    await publishPages(world);
    expect(backups()).toMatch(/2026-11-20 06:00.+with its disks of.+2026-11-19 04:00/);
    expect(backups()).toMatch(
      /promised every 2 weeks <span class="bad">the newest test has failed/,
    );
    estate.shelf(HOME, { acme: { newest: NOW, images: { proven } } }, [trouble]);
    await publishPages(world);
    expect(backups()).toContain("none yet <span");
    expect(backups()).not.toMatch(/every 2 weeks <span/);
  });

  it("count for all of a region only if each that was sold them has one", async () => {
    start(["acme", "birch", "elm"].map((id) => instance(id, { machines: { [HOME]: id } })));
    for (const plan of Object.values(estate.fleet.plans)) {
      Object.assign(plan, { imageTests: { every: "1mo" } });
    }
    const later = { ...proven, at: "2026-11-21T05:00:00.000Z" };
    const shelf = { acme: { images: { proven } }, birch: { images: { proven: later } } };
    estate.shelf(HOME, { ...shelf, elm: { images: {} } });
    await publishPages(world);
    expect(showcase.body("index.html")).toContain("not of all yet; promised every month");
    estate.shelf(HOME, { ...shelf, elm: { images: { proven: later } } });
    await publishPages(world);
    expect(showcase.body("index.html")).toMatch(/2026-11-20 06:00<\/time> or later; promised/);
  });

  it("are not spoken of where nobody is sold them", async () => {
    estate.shelf(HOME, { acme: { newest: NOW, images: { proven } } });
    await publishPages(world);
    expect(backups()).not.toContain("image");
  });
});

describe("a site that says nothing", () => {
  it("is named; of its backups stays what it said last, also in a new process", async () => {
    estate.shelf(HOME, {
      acme: { newest: "2026-11-22T04:00:00.000Z", verified: "2026-11-20T00:00:00.000Z" },
    });
    await publishPages(world);
    expect(pageOf("instance acme")).toContain("6 hours old");
    estate.memory.cutOff(HOME);
    world = worldOf();
    expect(await publishPages(world)).toMatchObject({ silent: [HOME] });
    expect(pageOf("instance acme")).toContain(`${HOME} says nothing just now`);
    expect(pageOf("instance acme")).toContain("2026-11-22T04:00:00.000Z");
  });

  it("leaves its incidents to the ledgers that have them as well", async () => {
    estate.incident(incident("acme", "2026-11-20T08:00:00.000Z"), [STANDBY]);
    estate.incident(incident("acme", "2026-11-20T08:00:00.000Z", "2026-11-20T08:17:00.000Z"), [
      CONTROL,
    ]);
    await publishPages(world);
    expect(pageOf("instance acme")).toContain("(17 minutes)");
    estate.memory.cutOff(STANDBY);
    world = worldOf();
    await publishPages(world);
    expect(pageOf("instance acme")).toContain("(17 minutes)");
  });

  it("that nobody watches in its stead is not known, from its last look on", async () => {
    await publishPages(world);
    await after(600);
    await publishPages(world);
    const text = pageOf("instance acme");
    expect(text).toContain("Nothing is known to be down, and not everything is known.");
    expect(text).toContain("2026-11-22 11:07");
    const memory = estate.memory.at(CONTROL).peek<StatusMemory>(`status/${CONTROL}.json`);
    expect(memory?.instances["acme"]).toEqual({
      since: "2026-06-01T00:00:00.000Z",
      unseen: [{ from: "2026-11-22T10:07:15.000Z" }],
    });
  });

  it("is a failure where it is the own one: pages stay as they are", async () => {
    await publishPages(world);
    estate.memory.cutOff(CONTROL);
    await expect(publishPages(world)).rejects.toMatchObject({ code: "CloudUnreachable" });
  });
});

describe("addresses of customers", () => {
  const [audience] = audiencesOf(estate?.fleet ?? { instances: INSTANCES }, () => false);

  it("are the same whenever they are asked for, and another's with another secret", () => {
    if (!audience) throw new Error("nobody");
    const address = addressOf(ADDRESS, SECRET, audience);
    expect(address).toMatch(/^https:\/\/status\.example\/c\/[\w-]{43}\/index\.html$/);
    expect(addressOf(ADDRESS, SECRET, audience)).toBe(address);
    expect(addressOf(ADDRESS, "other", audience)).not.toBe(address);
  });

  it("of an instance are never those of a customer who is called so", () => {
    expect(folderOf(SECRET, "instance acme")).not.toBe(folderOf(SECRET, "customer acme"));
  });
});
