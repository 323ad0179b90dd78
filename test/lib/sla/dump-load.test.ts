import { describe, expect, it } from "vitest";
import { dumpsADay, restoresAtOnce, tooOften } from "../../../lib/sla/dump-load.ts";
import type { Destination, Fleet } from "../../../lib/sla/fleet.ts";
import type { Period, Plan } from "../../../lib/sla/plan.ts";
import { cloudpepperHigh } from "../../../lib/sla/presets/cloudpepper-high.ts";
import { odoo } from "../../../lib/sla/presets/odoo.ts";
import { quotaNeeds } from "../../../lib/sla/quotas.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";

const TO = { kind: "s3", bucket: "b", region: "eu-west-3", prefix: "", secret: "s" } as const;
const wanting = (every?: Period): { destination: Destination } => ({
  destination: { ...TO, ...(every && { every }) },
});
const fleet = (count: number, every?: Period): Fleet => {
  const { frozen: _, ...plan } = odoo;
  const names = Array.from({ length: count }, (_each, at) => `i${at}`);
  const instances = names.map((id) =>
    instance(id, { plan: plan.name, copies: ["eu-west-1"], ...wanting(every) }),
  );
  return {
    ...fleetOf(instances),
    plans: { [plan.name]: plan as unknown as Plan },
    frozen: { account: "222222222222", region: "eu-west-1", retainDays: 90 },
  };
};

describe("dumps that destinations want", () => {
  it.for([
    [cloudpepperHigh, "3h", undefined],
    [cloudpepperHigh, "1d", undefined],
    [odoo, "1d", undefined],
    [odoo, "12h", /only every 25 hours, so there would be nothing new/],
    [odoo, undefined, undefined],
  ] as const)("of %o every %s: %s", ([plan, every, why]) => {
    const said = tooOften(wanting(every), plan as unknown as Plan);
    if (why) expect(said).toMatch(why);
    else expect(said).toBeUndefined();
  });

  it.for([
    [1, undefined, 1 / 7, 4],
    [100, undefined, 100 / 7, 4],
    [30, "1d", 30, 4],
    [33, "1d", 33, 5],
    [100, "1d", 100, 13],
    [10, "3h", 80, 10],
  ] as const)(
    "of %i instances every %s are %f a day, %i at once",
    ([count, every, aDay, atOnce]) => {
      expect(dumpsADay(fleet(count, every))).toBeCloseTo(aDay);
      expect(restoresAtOnce(fleet(count, every), "eu-west-1")).toBe(atOnce);
      expect(restoresAtOnce(fleet(count, every), "eu-central-2")).toBe(4);
    },
  );

  it("are counted against the databases that a region may have", () => {
    const need = quotaNeeds(fleet(10, "3h")).find(
      ({ quota, region }) => quota === "DB instances" && region === "eu-west-1",
    );
    expect(need).toMatchObject({
      needs: 10,
      because: expect.stringContaining("and 10 restored for tests and dumps"),
    });
  });
});
