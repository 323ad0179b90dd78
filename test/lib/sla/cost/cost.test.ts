import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { alternatives } from "../../../../lib/sla/cost/alternatives.ts";
import { controlCost } from "../../../../lib/sla/cost/control.ts";
import { backupsOf, dataCost } from "../../../../lib/sla/cost/data.ts";
import { fleetCost } from "../../../../lib/sla/cost/fleet-cost.ts";
import { imageCost, imagesOf } from "../../../../lib/sla/cost/images.ts";
import { type CostLine, sumOf } from "../../../../lib/sla/cost/line.ts";
import { PRICES } from "../../../../lib/sla/cost/prices.ts";
import { factorOf } from "../../../../lib/sla/cost/region-factor.ts";
import { siteLoad } from "../../../../lib/sla/cost/site-load.ts";
import type { Fleet, Instance } from "../../../../lib/sla/fleet.ts";
import type { Plan } from "../../../../lib/sla/plan.ts";
import { binhex } from "../../../../lib/sla/presets/binhex.ts";
import { odoo } from "../../../../lib/sla/presets/odoo.ts";
import { alone, fleetOf, instance, QUICK_PLAN, regional } from "../../../fakes/fleet.ts";

const DATABASES = { sizeGb: 20, dailyChangeGb: 0.4, hourDollars: 0.065 };
const SIZES = { ...DATABASES, machineGb: 50 };
const one = fleetOf([instance("acme")]);

const linesOf = (lines: readonly CostLine[]) =>
  Object.fromEntries(lines.map(({ what, dollars }) => [what, dollars]));

describe("what a site does in a month", () => {
  it("where an instance is looked at every 15 seconds is counted by hand", () => {
    const found = siteLoad(one, "eu-central-1");
    expect(found).toMatchObject({ scheduled: 175_200, invocations: 1_063_200 });
    expect(found).toMatchObject({ writes: 569_400, reads: 1_314_000 });
    // 47 s a minute of a watch; an idle beat; debts and records; 525,600 probes; 350,400 reads; all else.
    const parts = [2_058_600, 10_950, 87_600, 525_600, 87_600, 60_000];
    expect(found.gbSeconds).toBeCloseTo(parts.reduce((sum, part) => sum + part));
    expect(found.ledgerGb).toBeCloseTo(0.0182208);
  });

  it("is little where nothing is looked at", () => {
    const { gbSeconds, invocations } = siteLoad(one, "eu-west-1");
    expect(gbSeconds).toBeCloseTo(21_900 + 10_950 + 87_600 + 60_000);
    expect(invocations).toBe(187_200);
  });

  test.each([
    [15, 47],
    [30, 32],
    [60, 2],
    [300, 0.8],
  ])("with a look every %i s a watch runs %d s of a minute", (everySeconds, seconds) => {
    const plan = { ...QUICK_PLAN, watch: { ...QUICK_PLAN.watch, everySeconds } };
    const load = siteLoad(fleetOf([instance("acme")], plan), "eu-central-1");
    const calls = (60 / everySeconds) * 43_800 * (3 * 2 * 0.5 + 2 * 0.5 * 0.5);
    expect(load.gbSeconds - calls - 158_550).toBeCloseTo(seconds * 43_800);
  });
});

describe("control software", () => {
  it("of one instance is this, in US dollars a month", () => {
    const found = linesOf(controlCost(one));
    // Three sites with two subnets each; Zurich is dearer by 30 %, the others by 12 %.
    expect(found["endpoints"]).toBeCloseTo(14.6 * (1.3 + 1.12 + 1.12));
    // 32 alarms, 2 keys and a secret each, 8 alarms more at control; two vantages that only look.
    expect(found["alarms, keys, secrets"]).toBeCloseTo(
      5.6 * (1.3 + 1.12 + 1.12) + 0.8 * 1.12 + 1.2 * 2 * 1.12,
    );
    // No function has a URL in Zurich: the way back has no flag.
    expect(found["health checks of flags"]).toBe(1.5);
    expect(found["mails"]).toBeCloseTo(505 * 0.00002);
  });

  it("hangs on no database", () => {
    const big = { sizeGb: 5000, dailyChangeGb: 500, hourDollars: 9, machineGb: 900 };
    expect(fleetCost(one, big).control).toEqual(fleetCost(one, SIZES).control);
  });
});

describe("data", () => {
  const livesOf = backupsOf("UTC");
  const dataOf = (fleet: Fleet) => {
    const [acme] = fleet.instances;
    if (!acme) throw new Error("no instance");
    return linesOf(dataCost(fleet, acme, DATABASES, livesOf));
  };

  it("of a standby is a database, its storage and what is sent to it", () => {
    const found = dataOf(one);
    expect(found["standby"]).toBeCloseTo((0.065 * 730 + 0.115 * 40) * 1.12);
    expect(found["its transfer"]).toBeCloseTo(((0.4 * 1.5 * 730) / 24) * 0.02 * 1.3);
    expect(Object.keys(found)).toEqual(["standby", "its transfer"]);
  });

  it("of a plan with Multi-AZ is a second database at home", () => {
    const plan = { ...QUICK_PLAN, multiAz: { required: true, waitSeconds: 0 } };
    const found = dataOf(fleetOf([alone("acme")], plan));
    expect(found).toEqual({ "Multi-AZ": expect.closeTo(52.05 * 1.3) });
  });

  it.each([
    // A reader; storage is shared, and its writer's.
    ["aurora-postgresql", 0.065 * 730],
    ["aurora-mysql", 0.065 * 730],
    // Two standbys with a storage each.
    ["postgres-cluster", 2 * (0.065 * 730 + 0.115 * 40)],
  ] as const)("of a cluster of one region are its readers: %s", (engine, dollars) => {
    const plan = { ...QUICK_PLAN, multiAz: { required: true, waitSeconds: 60 } };
    const found = dataOf(fleetOf([regional("acme", engine)], plan));
    expect(found).toEqual({ readers: expect.closeTo(dollars * 1.3) });
  });

  it("of a global database is a reader at home, and a cluster of two with its storage away", () => {
    const found = dataOf(fleetOf([instance("acme", {}, "aurora-mysql")]));
    expect(found["readers"]).toBeCloseTo(0.065 * 730 * 1.3);
    expect(found["standby"]).toBeCloseTo((2 * 0.065 * 730 + 0.115 * 20) * 1.12);
    expect(found["its transfer"]).toBeCloseTo(((0.4 * 1.5 * 730) / 24) * 0.02 * 1.3);
  });

  it("of backups is what sla simulate says, at the prices of their regions, with tests", () => {
    const copied = alone("acme", { copies: ["eu-west-1"] });
    const frozen = { account: "222222222222", region: "eu-west-1", retainDays: 120 };
    const found = dataOf({ ...fleetOf([copied], odoo), frozen });
    expect(found["copies"]).toBeCloseTo(((found["snapshots"] ?? 0) / 1.3) * 1.12);
    expect(found["frozen"]).toBeCloseTo(18 * 20 * 0.004 * 1.12);
    const restored = 0.065 + (0.115 * 40) / 730 + 60 * 0.000025;
    const dumped = (20 / 0.03 / 3600) * (0.03238 + 4 * 0.00356);
    expect(found["restore tests"]).toBeCloseTo((730 / 168) * (restored + dumped) * 1.12);
  });
});

describe("images of machines", () => {
  const machines = { "eu-central-2": "Name=acme", "eu-west-1": "Name=acme-away" };
  const costOfImages = (more: Partial<Instance>, plan: Plan = binhex) =>
    linesOf(
      imageCost(
        { plans: { quick: plan } },
        alone("acme", { plan: "quick", ...more }),
        50,
        imagesOf("UTC"),
      ),
    );

  it("are the first whole and what four more have changed, in every place, and what is sent", () => {
    const found = costOfImages({ machines, copies: ["eu-west-1"] });
    // Five stay, one a day; for a quarter of an hour after the sixth is made there are six.
    const gb = 50 + 4 * 1;
    expect(found["images"]).toBeCloseTo(gb * 0.05 * 1.3, 1);
    expect(found["copies of images"]).toBeCloseTo(gb * 0.05 * 1.12, 1);
    expect(found["transfer of images"]).toBeCloseTo(30 * 1 * 0.02 * 1.3, 2);
  });

  it("that are tested cost half an hour of a machine with its disks each time", () => {
    expect(costOfImages({ machines })).not.toHaveProperty("image tests");
    const weekly = costOfImages({ machines }, { ...binhex, imageTests: { every: "1w" } });
    const each = 0.5 * 0.0416 + (50 * 0.08 * 0.5) / 730 + 60 * 0.000025;
    expect(weekly["image tests"]).toBeCloseTo((730 / 168) * each * 1.3);
  });

  it("cost nothing where no machine is named", () => {
    expect(costOfImages({})).toEqual({});
  });
});

test("other ways for a thousand instances cost this", () => {
  const fleet = fleetOf(Array.from({ length: 1000 }, (_, index) => instance(`i${index}`)));
  const found = alternatives(fleet).map(({ dollars }) => Math.round(dollars));
  expect(found).toEqual([596, 3500, 157_680, 1825]);
});

test("prices name the page that says them, and regions are dearer by something", () => {
  for (const { dollars, source } of Object.values(PRICES)) {
    expect(dollars).toBeGreaterThan(0);
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/[\w/-]+\/$/);
  }
  expect(
    ["us-east-1", "eu-west-1", "eu-central-2", "sa-east-1", "nowhere-1"].map(factorOf),
  ).toEqual([...[1, 1.12, 1.3, 1.6, 1.6]]);
});

describe("a fleet", () => {
  const PLANS = { fast: 15, slow: 60, rare: 300 } as const;
  const plans = Object.fromEntries(
    Object.entries(PLANS).map(([name, everySeconds]) => [
      name,
      { ...QUICK_PLAN, watch: { ...QUICK_PLAN.watch, everySeconds } },
    ]),
  );
  const of = (instances: readonly Instance[]): Fleet => ({ ...fleetOf(instances), plans });
  const kind = fc.record({
    plan: fc.constantFrom(...Object.keys(PLANS)),
    isAlone: fc.boolean(),
    stop: fc.constantFrom("own" as const, "cell" as const),
  });
  /** Each kind as often as it says: fleets of up to some thousands. */
  const fleet = fc
    .array(fc.tuple(kind, fc.integer({ min: 1, max: 700 })), { minLength: 1, maxLength: 5 })
    .map((kinds) => kinds.flatMap(([each, count]) => Array<typeof each>(count).fill(each)))
    .map((all) => all.map((each, index) => made(each, `i${index}`)));
  const made = (
    { plan, isAlone, stop }: { plan: string; isAlone: boolean; stop: "own" | "cell" },
    id: string,
  ) => {
    const { dns } = instance(id);
    return (isAlone ? alone : instance)(id, { plan, dns: { ...dns, stop } });
  };
  const runs = { numRuns: 60 };

  it("with one instance more is never cheaper", () => {
    fc.assert(
      fc.property(fleet, kind, (instances, more) => {
        const before = fleetCost(of(instances), SIZES);
        const after = fleetCost(of([...instances, made(more, "more")]), SIZES);
        expect(after.dollars).toBeGreaterThan(before.dollars);
        expect(after.controlDollars).toBeGreaterThanOrEqual(before.controlDollars);
      }),
      runs,
    );
  });

  it("twice as large costs no more control software for each", () => {
    fc.assert(
      fc.property(fleet, (instances) => {
        const twice = [...instances, ...instances.map((each) => ({ ...each, id: `${each.id}b` }))];
        const small = fleetCost(of(instances), SIZES).controlDollars / instances.length;
        const large = fleetCost(of(twice), SIZES).controlDollars / twice.length;
        expect(large).toBeLessThanOrEqual(small);
      }),
      runs,
    );
  });

  it("costs what its parts cost, and no part is for nothing", () => {
    fc.assert(
      fc.property(fleet, (instances) => {
        const found = fleetCost(of(instances), SIZES);
        expect(sumOf([...found.control, ...found.data])).toBeCloseTo(found.dollars, 4);
        const shared = found.instances.reduce(
          (sum, each) => sum + each.controlDollars + each.dataDollars,
          0,
        );
        expect(shared).toBeCloseTo(found.dollars, 4);
        for (const { dollars } of [...found.control, ...found.data]) {
          expect(dollars).toBeGreaterThan(0);
        }
      }),
      { numRuns: 20 },
    );
  });
});
