import { describe, expect, it } from "vitest";
import { recipients } from "../../../lib/sla/recipients.ts";
import { fleet } from "../infra/fleet.ts";

describe("who may hear from a site", () => {
  const [, , alone] = fleet.instances;
  const heardFrom = (region: string, copies: readonly string[]) => {
    const instances = alone ? [{ ...alone, copies }] : [];
    return recipients({ ...fleet, instances }, region);
  };
  const provider = ["night@provider.example", "ops@provider.example"];
  const both = ["it@cedar.example.ch", ...provider];

  it.each([
    ["where an instance lives", "eu-central-2", [], both],
    ["where everything is watched", "eu-west-1", [], both],
    ["where it may be restored", "eu-central-1", ["eu-central-1"], both],
    ["where nothing of it is", "eu-central-1", [], provider],
  ])("%s: %s", (_, region, copies, expected) => {
    expect(heardFrom(region, copies)).toEqual(expected);
  });
});
