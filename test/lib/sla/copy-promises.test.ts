import { describe, expect, it } from "vitest";
import { copyPromises } from "../../../lib/sla/copy-promises.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { instance } from "../../fakes/fleet.ts";

/** Of an instance at home in Zurich that stands by in Frankfurt, unless told otherwise. */
function lineOf(preset: string, changes: Partial<Instance>) {
  const plan = PRESETS[preset];
  if (!plan) throw new Error(`no preset ${preset}`);
  const [line] = copyPromises({
    fleet: { plans: {}, instances: [] },
    instance: instance("acme", changes),
    plan,
  });
  return line;
}

describe("copies", () => {
  it.each([
    [
      "the home counts, a place named twice once",
      "odoo",
      ["eu-central-1", "eu-west-1"],
      "kept",
      "3 places",
    ],
    ["one too few", "odoo", ["eu-central-1"], "broken", "2 places"],
    ["the home named again", "mintsys", ["eu-central-2", "eu-west-1"], "broken", "2 places"],
    [
      "a home where the plan allows no backups does not count",
      "binhex",
      ["eu-west-1"],
      "broken",
      "1 place",
    ],
    [
      "files are not copied yet",
      "binhex",
      ["eu-west-1", "eu-west-3"],
      "not-yet-covered",
      "2 places",
    ],
    [
      "away from production is neither home nor standby",
      "cloudpepper-high",
      ["eu-central-1"],
      "broken",
      "0 places",
    ],
    [
      "and in the region that the plan names",
      "cloudpepper-high",
      ["eu-west-3"],
      "not-yet-covered",
      "1 place",
    ],
  ] as const)("%s", (_what, preset, copies, status, achievable) => {
    const home = preset === "binhex" ? { home: "ca-central-1", standby: "us-east-2" } : {};
    expect(lineOf(preset, { ...home, copies })).toMatchObject({ status, achievable });
  });

  it("says how many more to name, and where they lie now", () => {
    expect(lineOf("odoo", { copies: [] })?.change).toBe(
      "name 2 more in copies; now backups lie in eu-central-2",
    );
    expect(lineOf("cloudpepper-high", { copies: [] })?.change).toBe(
      "name 1 more in copies that are neither its home nor its standby; now backups lie in none that counts",
    );
  });

  it("make no line where none are sold", () => {
    expect(lineOf("lab", {})).toBeUndefined();
  });
});
