import { describe, expect, it } from "vitest";
import { dumpedIn } from "../../../lib/sla/dumps.ts";
import type { Destination } from "../../../lib/sla/fleet.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { cloudpepperHigh } from "../../../lib/sla/presets/cloudpepper-high.ts";
import { mintsys } from "../../../lib/sla/presets/mintsys.ts";
import { odoo } from "../../../lib/sla/presets/odoo.ts";

const FROZEN = { account: "222222222222", region: "eu-west-1", retainDays: 120 };
const COPIED = { home: "eu-central-2", copies: ["eu-west-1"] };
const destination = { kind: "s3" } as Destination;
const { backups: _, ...unbacked } = mintsys;

describe("a dump of now is made", () => {
  it.each<[string, Plan, Parameters<typeof dumpedIn>[0], string | undefined]>([
    ["where frozen copies are sold", odoo, COPIED, "eu-west-1"],
    ["where downloads are sold, and copies lie there", mintsys, COPIED, "eu-west-1"],
    [
      "where downloads are sold, and it lives there",
      mintsys,
      { home: "eu-west-1", copies: [] },
      "eu-west-1",
    ],
    ["nowhere if no copies lie there", mintsys, { home: "eu-central-2", copies: [] }, undefined],
    ["where it is sent to the customer", cloudpepperHigh, { ...COPIED, destination }, "eu-west-1"],
    ["nowhere if a destination is sold and none is named", cloudpepperHigh, COPIED, undefined],
    ["nowhere if no backups are sold", unbacked as Plan, COPIED, undefined],
  ])("%s", (_what, plan, instance, region) => {
    expect(dumpedIn(instance, plan, FROZEN)).toBe(region);
    expect(dumpedIn(instance, plan, undefined)).toBeUndefined();
    expect(dumpedIn(instance, undefined, FROZEN)).toBeUndefined();
  });
});
