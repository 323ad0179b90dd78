import { describe, expect, it } from "vitest";
import { downloadPromises } from "../../../lib/sla/download-promises.ts";
import type { Destination, Instance } from "../../../lib/sla/fleet.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { binhex } from "../../../lib/sla/presets/binhex.ts";
import { cloudworkz } from "../../../lib/sla/presets/cloudworkz.ts";
import { mintsys } from "../../../lib/sla/presets/mintsys.ts";
import { odoo } from "../../../lib/sla/presets/odoo.ts";

/** What is said of downloads where frozen copies of the instance are made in this region, or nowhere. */
function lineOf(plan: Plan, region?: string, more: Partial<Instance> = {}) {
  const copies = [region ?? "eu-central-1"];
  const instance = { id: "cedar", plan: plan.name, copies, ...more } as unknown as Instance;
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
    [
      ...["any time, of a dump of now where no frozen copy is sold", mintsys, "eu-west-1"],
      ...["not-yet-covered", /^a dump of now, by a link of sla download/],
    ] as [string, Plan, string, string, RegExp],
    [
      "any time, where no copy lies where dumps are made",
      mintsys,
      undefined,
      "not-yet-covered",
      undefined,
    ],
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
    expect(lineOf(odoo, "eu-west-1")?.change).toMatch(/^name who vouches for customers/);
  });

  it("say that files are behind the link where the plan sells them and the fleet names them", () => {
    const filed: Plan = { ...odoo, backups: binhex.backups };
    const filestore = "s3://hosting/cedar";
    expect(lineOf(filed, "eu-west-1", { filestore })?.achievable).toBe(
      "the newest frozen copy, or a dump of now, with the files that belong to it, by a link of sla download",
    );
    expect(lineOf(filed, "eu-west-1")?.achievable).not.toContain("files");
    expect(lineOf(odoo, "eu-west-1", { filestore })?.achievable).not.toContain("files");
  });

  const own: Plan = { ...odoo, downloads: "own-destination" };

  it("to a place of the customer's own are kept where the fleet names one, and say what gets there", () => {
    const secret = "cedar/destination";
    const destination: Destination = {
      ...{ kind: "s3", bucket: "cedar-backups", region: "eu-west-3", prefix: "odoo/", secret },
    };
    expect(lineOf(own, "eu-west-1", { destination })).toMatchObject({
      status: "kept",
      achievable: expect.stringMatching(
        /a dump every 7d of the newest of backups every 1d, encrypted, to s3:\/\/cedar-backups\/odoo\/; .*GB/,
      ),
    });
  });

  it("to a place of the customer's own say whether files get there as well", () => {
    const to = { kind: "s3", bucket: "b", region: "eu-west-3", prefix: "", secret: "s" } as const;
    const destination: Destination = { ...to, every: "6h", files: true };
    expect(lineOf(own, "eu-west-1", { destination })?.achievable).toMatch(
      /^a dump with its files every 6h of the newest/,
    );
  });

  it("to a place that nobody has named are not covered, and say what to name", () => {
    expect(lineOf(own, "eu-west-1")).toMatchObject({
      ...{ status: "not-yet-covered", where: { of: "instance", path: [] } },
      change: expect.stringContaining("destination: of the instance"),
    });
    expect(lineOf(own)).not.toHaveProperty("achievable");
  });

  it("are made by customers themselves where the fleet knows them", () => {
    expect(lineOf(odoo, "eu-west-1", { customers: ["auth0|anna"] })).toMatchObject({
      status: "kept",
      achievable:
        "the newest frozen copy, or a dump of now, by a link that customers make themselves",
    });
  });

  it("are no line where none are sold", () => {
    expect(lineOf(without, "eu-west-1")).toBeUndefined();
  });
});
