import { describe, expect, it } from "vitest";
import { checkPromises } from "../../../lib/sla/check.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { alone, instance } from "../../fakes/fleet.ts";

const [HOME, STANDBY] = ["eu-central-2", "eu-central-1"] as const;

function linesOf(preset: string, one: Instance) {
  const plan = PRESETS[preset];
  if (!plan) throw new Error(`no preset ${preset}`);
  const lines = checkPromises({
    ...{ plans: { [preset]: plan }, instances: [{ ...one, plan: preset }] },
  });
  return (promise: string) => lines.find((line) => line.promise === promise);
}

describe("versions of the complete instance", () => {
  it.each([
    ["nobody says of which machine", instance("acme"), "not-yet-covered"],
    [
      "of its machine at home",
      instance("acme", { machines: { [HOME]: "i-0a1b2c3d" } }),
      "conditional",
    ],
    [
      "of its machines at home and where it stands by",
      instance("acme", { machines: { [HOME]: "i-0a1b2c3d", [STANDBY]: "Name=acme" } }),
      "kept",
    ],
    ["of the only one it has", alone("acme", { machines: { [HOME]: "Name=acme" } }), "kept"],
    [
      "of one that is elsewhere",
      alone("acme", { machines: { [STANDBY]: "Name=acme" } }),
      "not-yet-covered",
    ],
  ] as const)("%s", (_what, one, status) => {
    const line = linesOf("binhex", one)("instance versions");
    expect(line).toMatchObject({ status, promised: "5 versions", achievable: "5, one every 1d" });
    if (status === "kept") expect(line).not.toHaveProperty("change");
    else expect(line?.where).toEqual({ of: "instance", path: ["machines"] });
  });

  it("have no line where none are sold", () => {
    expect(linesOf("mintsys", instance("acme"))("instance versions")).toBeUndefined();
  });
});

it("backups and copies of the complete instance are covered once its machine is named", () => {
  const bare = linesOf("cloudworkz", instance("acme", { copies: ["eu-west-1"] }));
  expect(bare("backups")).toMatchObject({
    status: "not-yet-covered",
    change: expect.stringContaining(`add ${HOME} to machines:`),
  });
  expect(bare("copies")).toMatchObject({ status: "not-yet-covered" });
  const machines = { [HOME]: "i-0a1b2c3d" };
  const named = linesOf("cloudworkz", instance("acme", { copies: ["eu-west-1"], machines }));
  expect(named("backups")).toMatchObject({ status: "kept" });
  expect(named("copies")).toMatchObject({ status: "kept" });
});
