import { describe, expect, it } from "vitest";
import { keys, type Left } from "../../functions/ledger/contract.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { cloudpepperHigh } from "../../lib/sla/presets/cloudpepper-high.ts";
import { fleetOf, instance, inUtc } from "../fakes/fleet.ts";
import { MemoryLedger } from "../fakes/ledger.ts";
import { monthReport, wholeLines } from "../fakes/whole-month.ts";

const MONTH = "2026-10";
const PLAN = { ...cloudpepperHigh, support: undefined } as unknown as Plan;

/** Three minutes of the 15th at noon, all up. */
function ledgers() {
  const [home, away] = [new MemoryLedger("eu-west-1"), new MemoryLedger("eu-central-1")];
  for (const minute of [0, 1, 2]) {
    const slot = `2026-10-15T12:0${minute}:00.000Z`;
    const up = { epoch: 1, verdict: "up", votes: { a: "good" }, database: "unknown" };
    const looks = [{ slot, instances: { acme: up, birch: up } }];
    home.put(keys.round(slot, "s00"), { shard: "s00", site: "x", scheduledTime: slot, looks });
  }
  return { home, away };
}

async function reported(of: Partial<Instance>, { home, away } = ledgers()) {
  const acme = { ...instance("acme"), ...of };
  const fleet = fleetOf([acme, instance("birch")], PLAN);
  const now = () => Date.parse("2026-11-02T00:00:00Z");
  const { instances } = fleet;
  return monthReport({ month: MONTH, instances, now }, inUtc(fleet), [home, away]);
}

async function settled(of: Partial<Instance>, places = ledgers()) {
  const report = await reported(of, places);
  return new Map(report.instances.map((each) => [each.instance, each]));
}

const left = (at: string, undone?: Left["undone"]): Left => ({
  ...{ instance: "acme", at, by: "arn:ops", reason: "moves" },
  ...(undone && { undone }),
});
const UNDONE = { at: "2026-10-16T00:00:00Z", by: "arn:ops", reason: "stays" };

describe("the month of who was not there for all of it", () => {
  it("is provable, and counts from when it began until it ended", async () => {
    const of = { began: "2026-10-15T12:00:00Z", ended: "2026-10-15T12:03:00Z" };
    const months = await settled(of);
    expect(months.get("acme")).toMatchObject({
      minutes: { total: 3, up: 3, unobserved: 0 },
      ...{ availability: "100.000000", provable: true, held: true },
    });
    expect(months.get("birch")).toMatchObject({
      minutes: { total: 44_640, up: 3 },
      provable: false,
    });
  });

  it("ends when its customer left, though only one ledger was told", async () => {
    const { home, away } = ledgers();
    away.put(keys.left("acme"), left("2026-10-15T12:03:00Z"));
    const months = await settled({ began: "2026-10-15T12:00:00Z" }, { home, away });
    expect(months.get("acme")?.minutes).toMatchObject({ total: 3, up: 3, unobserved: 0 });
  });

  it("goes on where they stayed after all, though one ledger was not told", async () => {
    const { home, away } = ledgers();
    home.put(keys.left("acme"), left("2026-10-15T12:03:00Z"));
    away.put(keys.left("acme"), left("2026-10-15T12:03:00Z", UNDONE));
    const months = await settled({ began: "2026-10-15T12:00:00Z" }, { home, away });
    expect(months.get("acme")?.minutes.total).toBe(16 * 1440 + 720);
  });

  it("does not end by a note that nobody can read, and says so", async () => {
    const { home, away } = ledgers();
    home.put(keys.left("acme"), { torn: true });
    away.put(keys.left("birch"), left("2026-10-15T12:03:00Z"));
    const read = away.read.bind(away);
    away.read = <T>(key: string) =>
      key === keys.left("birch") ? Promise.reject(new SyntaxError("cut")) : read<T>(key);
    const { instances, evidence } = await reported({}, { home, away });
    expect(instances.map(({ minutes }) => minutes.total)).toEqual([44_640, 44_640]);
    expect(evidence.unreadable).toEqual([keys.left("acme"), keys.left("birch")]);
  });

  it("says in words what of the month that was, and nothing of a whole one", async () => {
    const report = await reported({ ended: "2026-10-15T12:03:00Z" });
    const service = wholeLines(report).filter((line) => line.startsWith("  service"));
    expect(service).toEqual(["  service    only from 2026-10-01 00:00 to 2026-10-15 12:03"]);
  });

  it("is none where it began later, or was over", async () => {
    for (const of of [{ began: "2026-11-01" }, { ended: "2026-10-01" }]) {
      expect([...(await settled(of)).keys()]).toEqual(["birch"]);
    }
  });
});
