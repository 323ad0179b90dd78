import { describe, expect, it, test } from "vitest";
import { planSchema } from "../../../lib/fleet/plan-schema.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";

const preset = (name: string) => {
  const plan = PRESETS[name];
  if (!plan) throw new Error(`no preset ${name}`);
  return plan;
};

describe("presets", () => {
  it("are the plans of the published SLAs and one for benches", () => {
    expect(Object.keys(PRESETS)).toEqual([
      "odoo",
      "mintsys",
      "binhex",
      "cloudworkz",
      "cloudpepper-high",
      "cloudpepper-dedicated",
      "lab",
    ]);
  });

  it.each(Object.entries(PRESETS))("%s is named by its key and has a plan's shape", (key, plan) => {
    const { name, ...promises } = plan;
    expect(name).toBe(key);
    expect(planSchema.parse(promises)).toEqual(promises);
  });

  test.for([
    ["odoo", 86_400, 21_600, 86_400, 86_400],
    ["mintsys", 300, 1800, 86_400, 86_400],
    ["binhex", 300, 1800, 86_400, 86_400],
    ["cloudworkz", 7200, 14_400, 86_400, 172_800],
    ["cloudpepper-high", 3600, 3600, 3600, 3600],
    ["cloudpepper-dedicated", 3600, 3600, 3600, 3600],
  ] as const)("%s promises what its provider publishes", ([name, rpo, rto, siteRpo, siteRto]) => {
    const { serverLoss, siteLoss } = preset(name);
    expect(serverLoss).toMatchObject({ rpoSeconds: rpo, rtoSeconds: rto });
    expect(siteLoss).toMatchObject({ rpoSeconds: siteRpo, rtoSeconds: siteRto });
  });

  it("looks every 15 s and opens after three bad rounds for mintsys", () => {
    expect(preset("mintsys").watch).toMatchObject({ everySeconds: 15, badRounds: 3 });
    expect(preset("mintsys").multiAz).toEqual({ required: true, waitSeconds: 180 });
  });

  it.each(Object.entries(PRESETS))("%s keeps as many backups as its tiers add up to", (_, plan) => {
    const { rotation } = plan.backups ?? {};
    const { perDay = 0, days = 0, weeks = 0, months = 0, count = 0 } = rotation ?? {};
    expect(perDay * days + weeks + months).toBe(count);
  });

  it.each(Object.entries(PRESETS))(
    "%s has credit bands without a gap, down to nothing",
    (_, plan) => {
      const bands = plan.credits?.bands ?? [];
      const borders = bands.map(({ fromPercent }) => fromPercent);
      expect(bands.slice(1).map(({ belowPercent }) => belowPercent)).toEqual(borders.slice(0, -1));
      expect(bands.at(0)?.belowPercent).toBe(plan.credits && plan.availability?.objectivePercent);
      expect(borders.at(-1) ?? "0").toBe("0");
    },
  );
});
