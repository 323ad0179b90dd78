import { describe, expect, it } from "vitest";
import type { FreshRequest } from "../../../functions/reconcile/contract.ts";
import type { Access } from "../../../lib/operator/access.ts";
import { askFresh, lastFresh } from "../../../lib/operator/fresh-ask.ts";
import { followFresh } from "../../../lib/operator/fresh-follow.ts";
import type { StepLine } from "../../../lib/operator/step-lines.ts";
import { type Listed, TAGS, tagsOf } from "../../../lib/sla/backups/catalogue.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import { Bureau, CONTROL, HOME, STANDBY } from "../../fakes/operator-access.ts";

const KEY = "fresh/acme.json";
const FAR = CONTROL;
const minutes = (count: number) => count * 60_000;

/** A fleet that sells acme frozen copies, and backups of it that get on by the clock. */
function office() {
  const bureau = new Bureau();
  const [first] = bureau.fleet.instances;
  const plan = first && bureau.fleet.plans[first.plan];
  if (!first || !plan) throw new Error("no acme");
  const acme: Instance = first;
  const backups = { contents: ["database"], schedules: [{ every: "1d", keep: "1w" }] } as const;
  const plans = { [acme.plan]: { ...plan, backups, frozen: { immutable: true } as const } };
  const frozen = { account: "222222222222", region: FAR, retainDays: 120 };
  const access: Access = { ...bureau, fleet: { ...bureau.fleet, frozen, plans } };
  const all = new Map<string, Listed>();
  const nudged: string[] = [];
  const told: StepLine[] = [];
  const put = (region: string, status: string, id: string, tags: Listed["tags"]) => {
    const takenAt = status === "available" ? { takenAt: tags[TAGS.tick] ?? "" } : {};
    all.set(`${region} ${id}`, { id, region, status, tags, isCopy: region !== HOME, ...takenAt });
  };
  return {
    ...{ bureau, access, acme, all, nudged, told, put },
    at: (site: string) => bureau.memory.at(site),
    eyes: async (region: string, id: string) => all.get(`${region} ${id}`),
    ask: () => askFresh(access, async (region, id) => all.get(`${region} ${id}`), acme),
  };
}

const named = ({ askedAt }: FreshRequest) =>
  `sla-acme-${askedAt.slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "t")}z`;

/** As sites and RDS do it: each nudge brings it a step further. */
function working(desk: ReturnType<typeof office>, request: FreshRequest, end: string) {
  const tickMs = Date.parse(request.askedAt);
  const tags = tagsOf({ instance: "acme", schedules: ["fresh"], tickMs });
  const id = named(request);
  const at = () => new Date(desk.bureau.clock.now()).toISOString();
  return async (site: string) => {
    desk.nudged.push(site);
    if (site === HOME) desk.put(HOME, "available", id, tags);
    else if (!desk.all.has(`${FAR} ${id}`)) desk.put(FAR, "available", id, tags);
    else {
      const [began, ended] = [at(), at()];
      desk.put(FAR, "available", id, { ...tags, [TAGS.tested]: began, [end]: ended });
    }
  };
}

describe("a fresh dump that is asked for", () => {
  it("is written to the books of all sites, under a name that no schedule has", async () => {
    const desk = office();
    const { request, isJoined, region, untold } = await desk.ask();
    expect({ isJoined, region, untold }).toEqual({ isJoined: false, region: FAR, untold: [] });
    expect(request).toEqual({
      ...{ instance: "acme", epoch: 1, by: desk.access.caller },
      askedAt: "2026-11-21T10:00:45.000Z",
    });
    for (const site of [HOME, STANDBY, FAR]) expect(desk.at(site).peek(KEY)).toEqual(request);
    const onTheMinute = office();
    await onTheMinute.bureau.clock.until(new Date("2026-11-21T11:00:00.000Z"));
    expect((await onTheMinute.ask()).request.askedAt).toBe("2026-11-21T11:00:01.000Z");
  });

  it("is one, however many ask, until it is over", async () => {
    const desk = office();
    const [one, other] = await Promise.all([desk.ask(), desk.ask()]);
    expect(one.request).toEqual(other.request);
    expect([one.isJoined, other.isJoined].toSorted()).toEqual([false, true]);
    desk.bureau.clock.wait(minutes(6 * 60) / 1000);
    const later = await desk.ask();
    expect(later).toMatchObject({ isJoined: false });
    expect(later.request.askedAt > one.request.askedAt).toBe(true);
  });

  it("is told again to a site that had not heard of it", async () => {
    const desk = office();
    const { request } = await desk.ask();
    desk.at(HOME).put(KEY, { ...request, askedAt: "2026-11-01T00:00:01.000Z" });
    await desk.ask();
    expect(desk.at(HOME).peek(KEY)).toEqual(request);
  });

  it("is refused in one line where the plan sells no dumps", async () => {
    const desk = office();
    const { frozen: _frozen, ...fleet } = desk.access.fleet;
    await expect(askFresh({ ...desk.access, fleet }, desk.eyes, desk.acme)).rejects.toThrow(
      /the fleet makes no frozen copies/,
    );
    const bare = { ...desk.access.fleet, plans: desk.bureau.fleet.plans };
    await expect(askFresh({ ...desk.access, fleet: bare }, desk.eyes, desk.acme)).rejects.toThrow(
      /^--fresh: the plan '.*' of acme sells neither frozen copies nor downloads/,
    );
  });

  it("is followed step by step, and every site is asked when its turn comes", async () => {
    const desk = office();
    const asked = await desk.ask();
    const nudge = working(desk, asked.request, TAGS.verified);
    const tell = (line: StepLine) => void desk.told.push(line);
    const made = await followFresh(desk.access, { eyes: desk.eyes, nudge }, asked, tell);
    expect(made).toMatchObject({ id: named(asked.request), region: FAR });
    expect(desk.nudged).toEqual([HOME, FAR, FAR]);
    expect(desk.told.map(({ state }) => state)).toEqual(["Ask", "Copy", "Restore", "Done"]);
    expect((await lastFresh(desk.access, desk.eyes, desk.acme))?.stage.kind).toBe("frozen");
  });

  it("that fails ends in the words of its test", async () => {
    const desk = office();
    const asked = await desk.ask();
    const id = named(asked.request);
    const nudge = working(desk, asked.request, TAGS.refuted);
    const failure = { code: "NotProven", message: "not so: its rows (3 of 4)" };
    desk.at(FAR).put(`restores/acme/rt-20261121-${id}/record.json`, { failure });
    const end = followFresh(desk.access, { eyes: desk.eyes, nudge }, asked, () => {});
    await expect(end).rejects.toThrow(
      `acme: no dump was made: the restore test of ${id} in ${FAR} failed: NotProven: not so: its rows (3 of 4)`,
    );
  });

  it("that nobody can take is given up after six hours, and says what to look at", async () => {
    const desk = office();
    const asked = await desk.ask();
    const nudge = async (site: string) => {
      desk.nudged.push(site);
      throw new Error("put off");
    };
    const end = followFresh(desk.access, { eyes: desk.eyes, nudge }, asked, () => {});
    await expect(end).rejects.toThrow(/given up: .* sla backups acme --now/);
    // Now and then, not at every look.
    expect(desk.nudged.length).toBeGreaterThan(100);
    expect(desk.nudged.length).toBeLessThan(200);
  });

  it("is not given up by whoever follows it because a region stumbles", async () => {
    const desk = office();
    const asked = await desk.ask();
    let looks = 0;
    const eyes = async (region: string, id: string) => {
      looks += 1;
      if (looks % 3 === 0) throw new Error("no answer");
      return desk.eyes(region, id);
    };
    const nudge = working(desk, asked.request, TAGS.verified);
    await followFresh(desk.access, { eyes, nudge }, asked, () => {});
    const silent = async () => Promise.reject(new Error("no answer"));
    const again = followFresh(desk.access, { eyes: silent, nudge }, asked, () => {});
    await expect(again).rejects.toThrow("no answer");
  });

  it("is found after a failover under the name that the new primary gives it", async () => {
    const desk = office();
    const { request } = await desk.ask();
    desk.bureau.failedOver();
    const tickMs = Date.parse(request.askedAt);
    const tags = tagsOf({ instance: "acme", schedules: ["fresh"], tickMs, epoch: 2 });
    desk.put(STANDBY, "available", `${named(request)}-e2`, tags);
    expect((await lastFresh(desk.access, desk.eyes, desk.acme))?.stage.kind).toBe("taken");
  });
});
