import { describe, expect, it } from "vitest";
import { desiredOf } from "../../../../lib/sla/backups/desired-of.ts";
import type { Destination, Instance } from "../../../../lib/sla/fleet.ts";
import { cloudpepperHigh } from "../../../../lib/sla/presets/cloudpepper-high.ts";
import { odoo } from "../../../../lib/sla/presets/odoo.ts";
import { firstRoles } from "../../../../lib/sla/roles.ts";
import { fleetOf, instance } from "../../../fakes/fleet.ts";

const FROZEN = { account: "222222222222", region: "eu-west-1", retainDays: 120 };
const TO: Destination = {
  ...{ kind: "s3", bucket: "acme-backups", region: "eu-west-3", prefix: "" },
  secret: "acme/destination",
};

const desired = (
  plan: Parameters<typeof desiredOf>[1],
  more: Partial<Instance>,
  frozen: typeof FROZEN | undefined = FROZEN,
) => {
  const acme = instance("acme", { copies: ["eu-west-1"], ...more });
  const roles = firstRoles(fleetOf([acme]), acme, "2026-11-01T00:00:00.000Z");
  const { frozenIn, frozenEvery } = desiredOf(acme, plan, roles, frozen);
  return [frozenIn, frozenEvery];
};

describe("a proven backup is frozen", () => {
  it.each([
    ["where its plan sells that", odoo, {}, ["eu-west-1", undefined]],
    [
      "where it goes to the customer",
      cloudpepperHigh,
      { destination: TO },
      ["eu-west-1", undefined],
    ],
    [
      "as often as the customer wants it",
      cloudpepperHigh,
      { destination: { ...TO, every: "1d" } },
      ["eu-west-1", "1d"],
    ],
    ["nowhere else", cloudpepperHigh, {}, [undefined, undefined]],
  ] as const)("%s", (_where, plan, more, expected) => {
    expect(desired(plan, more)).toEqual(expected);
  });
});
