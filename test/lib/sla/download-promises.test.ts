import { describe, expect, it } from "vitest";
import { downloadPromises } from "../../../lib/sla/download-promises.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { cloudworkz } from "../../../lib/sla/presets/cloudworkz.ts";
import { mintsys } from "../../../lib/sla/presets/mintsys.ts";
import { odoo } from "../../../lib/sla/presets/odoo.ts";

/** What is said of downloads where frozen copies of the instance are made in this region, or nowhere. */
function lineOf(plan: Plan, region?: string, customers?: readonly string[]) {
  const copies = [region ?? "eu-central-1"];
  const own = customers && { customers };
  const instance = { id: "cedar", plan: plan.name, copies, ...own } as unknown as Instance;
  const frozen = region && { account: "222222222222", region, retainDays: 400 };
  const fleet = { plans: {}, instances: [instance], ...(frozen && { frozen }) };
  const [line, ...others] = downloadPromises({ fleet, instance, plan });
  expect(others).toEqual([]);
  return line;
}
const agreed: Plan = { ...cloudworkz, frozen: { immutable: true } };
const { downloads: _, ...without } = odoo;

describe("downloads that a plan sells", () => {
  it.each<[string, Plan, string | undefined, string, RegExp | undefined]>([
    ["any time, of a frozen copy", odoo, "eu-west-1", "not-yet-covered", /link of sla download/],
    ["by agreement, of a frozen copy", agreed, "eu-west-1", "kept", /link of sla download/],
    ["any time, where none is sold", mintsys, "eu-west-1", "not-yet-covered", undefined],
    ["any time, where none is made", odoo, undefined, "not-yet-covered", undefined],
    ["by agreement, where none is made", agreed, undefined, "not-yet-covered", undefined],
    [
      "by agreement, where no link is answered",
      agreed,
      "eu-central-2",
      "not-yet-covered",
      undefined,
    ],
  ])("%s", (_what, plan, region, status, achievable) => {
    const line = lineOf(plan, region);
    expect(line).toMatchObject({ promise: "downloads", status, covers: "database" });
    if (achievable) expect(line?.achievable).toMatch(achievable);
    else expect(line).not.toHaveProperty("achievable");
  });

  it("say which region to leave where no link is answered", () => {
    expect(lineOf(odoo, "eu-central-2")).toMatchObject({
      change: expect.stringMatching(/another frozen\.region: in eu-central-2 \(CH\)/),
      where: { of: "fleet", path: ["frozen", "region"] },
    });
    expect(lineOf(odoo, "eu-west-1")).not.toHaveProperty("change");
  });

  it("to a place of the customer's own are none of ours yet", () => {
    const own: Plan = { ...odoo, downloads: "own-destination" };
    expect(lineOf(own, "eu-west-1")).not.toHaveProperty("achievable");
  });

  it("are made by customers themselves where the fleet knows them", () => {
    expect(lineOf(odoo, "eu-west-1", ["auth0|anna"])).toMatchObject({
      achievable: "the newest frozen copy, by a link that customers make themselves",
    });
  });

  it("are no line where none are sold", () => {
    expect(lineOf(without, "eu-west-1")).toBeUndefined();
  });
});
