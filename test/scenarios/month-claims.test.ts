import { describe, expect, it } from "vitest";
import { monthJson } from "../../lib/books/month-report-json.ts";
import type { AnnotationRecord } from "../../lib/sla/books/annotation.ts";
import type { WindowRecord } from "../../lib/sla/books/window.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { cloudpepperHigh } from "../../lib/sla/presets/cloudpepper-high.ts";
import { fleetOf, instance } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";
import { monthReport, wholeLines } from "../fakes/whole-month.ts";

const SOLD = {
  ...cloudpepperHigh,
  watch: { everySeconds: 60, badRounds: 3, goodRounds: 2 },
} as unknown as Plan;
const FLEET = fleetOf([instance("acme"), instance("birch")], SOLD);
const BEGINNING = Date.parse("2026-03-02T10:00:00Z");
const at = (minute: number) => new Date(BEGINNING + minute * 60_000).toISOString();

const WINDOW: WindowRecord = {
  ...{ window: "m1", kind: "planned", scope: "instance acme", instances: ["acme"] },
  ...{ fromAt: at(2), toAt: at(6), reason: "new disks", by: "arn:ops" },
  announcedAt: "2026-02-01T00:00:00.000Z",
};
const KEY = "maintenance/m1.json";

/** Twenty minutes in which acme's page is bad from 10:04 to 10:09. */
async function night() {
  const world = new WatchWorld(FLEET).fault("app acme", 240, 540);
  await world.minutes(0, 20);
  const [incident] = world.incidents("eu-central-1", "acme");
  if (!incident) throw new Error("no incident");
  return { world, id: incident.incident, shelf: world.ledgers.at("eu-west-1") };
}

async function settled({ world }: Awaited<ReturnType<typeof night>>) {
  const wish = {
    ...{ month: "2026-03", instances: FLEET.instances },
    part: { beganMs: BEGINNING, endedMs: BEGINNING + 20 * 60_000 },
    now: () => Date.parse("2026-04-02T00:00:00Z"),
  };
  const report = await monthReport(
    wish,
    FLEET,
    Object.keys(FLEET.sites).map((site) => world.ledgers.at(site)),
  );
  const [acme] = report.instances.map(monthJson);
  if (!acme) throw new Error("no month of acme");
  return { acme, lines: wholeLines(report).join("\n"), evidence: report.evidence };
}

const annotation = (incident: string, change: Partial<AnnotationRecord> = {}) => {
  const record: AnnotationRecord = {
    ...{ instance: "acme", incident, cause: "customer-code", reason: "their module" },
    ...{ by: "arn:ops", at: "2026-03-03T08:00:00.000Z", ...change },
  };
  const key = `annotations/acme/${incident}/${record.at.replaceAll(/\D/g, "")}.json`;
  return [key, record] as const;
};

describe("a month with maintenance", () => {
  it("does not count what was announced; what lasts longer is downtime", async () => {
    const scene = await night();
    expect((await settled(scene)).acme.minutes).toMatchObject({ up: 15, down: 5, maintenance: 0 });
    scene.shelf.put(KEY, WINDOW);
    const { acme, lines } = await settled(scene);
    expect(acme.minutes).toMatchObject({ up: 13, down: 3, maintenance: 4, excluded: 0 });
    expect(acme.windows).toMatchObject([
      { window: "m1", counted: { from: at(2), to: at(6) }, because: null },
    ]);
    expect(lines).toContain("planned maintenance m1, 2026-03-02 11:02 to 2026-03-02 11:06: 4");
    expect(lines.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("counts all of a window that was announced too late, and says so", async () => {
    const scene = await night();
    scene.shelf.put(KEY, { ...WINDOW, announcedAt: at(-23 * 60) });
    const { acme, lines } = await settled(scene);
    expect(acme.minutes).toMatchObject({ up: 15, down: 5, maintenance: 0 });
    expect(acme.windows).toMatchObject([{ counted: null, because: "announced-too-late" }]);
    expect(lines).toMatch(/m1, .*: COUNTED,\s+announced too late, 2026-03-01 12:00/s);
  });

  it("goes by when a ledger took it, and says so where its record says otherwise", async () => {
    const scene = await night();
    scene.shelf.put(KEY, WINDOW);
    const list = scene.shelf.list.bind(scene.shelf);
    scene.shelf.list = async (prefix) =>
      (await list(prefix)).map((row) => ({ ...row, writtenAt: at(30) }));
    const { acme, lines } = await settled(scene);
    expect(acme.minutes).toMatchObject({ down: 5, maintenance: 0 });
    expect(acme.windows).toMatchObject([
      { announced: at(30), stated: WINDOW.announcedAt, because: "announced-too-late" },
    ]);
    expect(lines.replaceAll(/\s+/g, " ")).toContain("though its record says 2026-02-01 01:00");
  });

  it("believes no record that was changed, torn or put under another's key", async () => {
    const scene = await night();
    scene.shelf.put(KEY, WINDOW);
    scene.world.ledgers.at("eu-central-1").put(KEY, { ...WINDOW, toAt: at(12) });
    scene.shelf.put("maintenance/m2.json", { ...WINDOW, window: "m3" });
    scene.shelf.put("maintenance/m4.json", { window: "m4" });
    const { acme, evidence } = await settled(scene);
    expect(acme.minutes).toMatchObject({ down: 5, maintenance: 0 });
    expect(evidence.unreadable).toEqual([KEY, "maintenance/m2.json", "maintenance/m4.json"]);
  });

  it("does not count where nobody can read its cancellation any more, unless another ledger can", async () => {
    const scene = await night();
    const [cancelled, record] = [
      "maintenance/m1.cancelled.json",
      { cancels: "m1", at: at(4), by: "arn:ops", reason: "done" },
    ];
    scene.shelf.put(KEY, WINDOW);
    scene.shelf.put(cancelled, { cancels: "m1" });
    const torn = await settled(scene);
    expect(torn.acme.minutes).toMatchObject({ down: 5, maintenance: 0 });
    expect(torn.evidence.unreadable).toEqual([cancelled, KEY]);
    scene.world.ledgers.at("eu-central-1").put(cancelled, record);
    const { acme, evidence } = await settled(scene);
    expect(acme.minutes).toMatchObject({ down: 5, maintenance: 2 });
    expect(evidence.unreadable).toEqual([cancelled]);
  });

  it("does not believe when S3 says that it took a record which was put together from parts", async () => {
    const scene = await night();
    scene.shelf.put(KEY, WINDOW);
    const list = scene.shelf.list.bind(scene.shelf);
    scene.shelf.list = async (prefix) =>
      (await list(prefix)).map((row) => ({ ...row, writtenAt: at(-60 * 48), assembled: true }));
    const { acme, evidence } = await settled(scene);
    expect(acme.minutes).toMatchObject({ down: 5, maintenance: 0 });
    expect(evidence.unreadable).toEqual([KEY]);
  });
});

describe("a month with an incident that somebody annotated", () => {
  it("shows both figures, and what was said by whom", async () => {
    const scene = await night();
    scene.shelf.put(...annotation(scene.id));
    const { acme, lines } = await settled(scene);
    expect(acme).toMatchObject({ availability: "100.000000", held: true, credit: null });
    expect(acme.minutes).toMatchObject({ up: 15, down: 0, excluded: 5 });
    expect(acme.withoutExclusions).toMatchObject({ availability: "75.000000", held: false });
    expect(acme.annotations).toMatchObject([
      { incident: scene.id, cause: "customer-code", by: "arn:ops", because: null },
    ]);
    expect(lines).toMatch(
      /excluded {3}5 minutes for their cause; with them 75\.000000 %, NOT HELD/,
    );
  });

  it("goes by the last word, in whichever ledger it is", async () => {
    const scene = await night();
    const [ours, theirs] = [scene.shelf, scene.world.ledgers.at("eu-central-2")];
    ours.put(...annotation(scene.id, { cause: "none", at: "2026-03-04T08:00:00.000Z" }));
    theirs.put(...annotation(scene.id));
    const { acme } = await settled(scene);
    expect(acme.minutes).toMatchObject({ down: 5, excluded: 0 });
    expect(acme.annotations.map(({ because }) => because)).toEqual(["superseded", "withdrawn"]);
  });

  it("does not count by what was said before a word that nobody can read any more", async () => {
    const scene = await night();
    scene.shelf.put(...annotation(scene.id));
    const [key, later] = annotation(scene.id, { cause: "none", at: "2026-03-04T08:00:00.000Z" });
    scene.shelf.put(key, { instance: "acme" });
    const torn = await settled(scene);
    expect(torn.acme.minutes).toMatchObject({ down: 5, excluded: 0 });
    expect(torn.acme.annotations).toMatchObject([{ because: "superseded" }]);
    expect(torn.evidence.unreadable).toEqual([key]);
    scene.world.ledgers.at("eu-central-2").put(key, { ...later, cause: "customer-code" });
    expect((await settled(scene)).acme.minutes).toMatchObject({ down: 0, excluded: 5 });
  });

  it.each<[string, Partial<AnnotationRecord>, string]>([
    ["a cause that is not sold", { cause: "bad luck" as "none" }, "not-sold"],
    ["maintenance that was not announced", { cause: "planned-maintenance" as "none" }, "not-sold"],
    ["an incident that never was", { incident: "20260302110000000" }, "no-such-incident"],
  ])("does not count %s", async (_name, change, because) => {
    const scene = await night();
    scene.shelf.put(...annotation(change.incident ?? scene.id, change));
    const { acme } = await settled(scene);
    expect(acme.minutes).toMatchObject({ down: 5, excluded: 0 });
    expect(acme.annotations).toMatchObject([{ counted: null, because }]);
  });

  it("does not count an incident before it has ended", async () => {
    const scene = await night();
    for (const site of Object.keys(FLEET.sites)) {
      const ledger = scene.world.ledgers.at(site);
      const key = `incidents/acme/${scene.id}.json`;
      const {
        closedAt: _,
        firstGoodAt: __,
        ...open
      } = ledger.peek<Record<string, unknown>>(key) ?? {};
      ledger.put(key, open);
    }
    scene.shelf.put(...annotation(scene.id));
    expect((await settled(scene)).acme.annotations).toMatchObject([{ because: "still-open" }]);
  });
});
