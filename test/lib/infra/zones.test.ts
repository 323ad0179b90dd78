import { Template } from "aws-cdk-lib/assertions";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { SiteStack } from "../../../lib/infra/site-stack.ts";
import { changedZones } from "../../../lib/infra/zone-arns.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";
import { fleet, ofSize } from "./fleet.ts";
import { rolesThatMay } from "./iam.ts";
import { appOf, grantsByHolder, referredTo, resourcesOf } from "./templates.ts";

const arn = (zone: string) => `arn:aws:route53:::hostedzone/${zone}`;

test.each([
  ["one", 1, 1],
  ["as many as a role has room for", 40, 40],
])("%s: the role names each", (_, count, named) => {
  const { inRole, beside } = changedZones(ofSize(count));
  expect([inRole.length, beside]).toEqual([named, []]);
});

test.each([41, 300, 600])("%i: policies beside it name each", (count) => {
  const { inRole, beside } = changedZones(ofSize(count));
  expect([inRole.length, beside.length, beside.flat().length]).toEqual([0, 6, count]);
});

test("more than fit: any of the account", () => {
  expect(changedZones(ofSize(757))).toEqual({ inRole: [arn("*")], beside: [] });
});

const zoneId = fc.stringMatching(/^Z[0-9A-Z]{12,31}$/);
const fleetOf = (zones: readonly string[]): Fleet => ({
  ...fleet,
  instances: zones.flatMap((zone) => {
    const [like] = fleet.instances;
    return like ? [{ ...like, dns: { ...like.dns, zone } }] : [];
  }),
});

test("whatever they are called, each is named once, in policies that IAM takes", () => {
  fc.assert(
    fc.property(fc.uniqueArray(zoneId, { minLength: 41, maxLength: 300 }), (zones) => {
      const { beside } = changedZones(fleetOf(zones));
      if (beside.length === 0) return;
      expect(beside.flat().toSorted()).toEqual(zones.map(arn).toSorted());
      for (const arns of beside) expect(JSON.stringify(arns).length).toBeLessThanOrEqual(5951);
    }),
    { examples: [[ofSize(300).instances.map(({ dns }) => dns.zone)]] },
  );
});

test("a zone stays in its policy, whichever are added or taken away", () => {
  const zones = ofSize(200).instances.map(({ dns }) => dns.zone);
  const policyOf = (zone: string, of: readonly string[]) =>
    changedZones(fleetOf(of)).beside.findIndex((arns) => arns.includes(arn(zone)));
  const fewer = zones.filter((_, index) => index % 3 !== 0);
  for (const zone of fewer)
    expect([zone, policyOf(zone, fewer)]).toEqual([zone, policyOf(zone, zones)]);
});

describe.each([3, 41, 600])("with %i instances", (count) => {
  const site = appOf(ofSize(count)).node.children.find((child) => child instanceof SiteStack);
  const template = Template.fromStack(site as SiteStack);
  const functions = new Map(
    resourcesOf(template, "AWS::Lambda::Function").map(({ Properties }) => [
      referredTo(Properties["Role"]) ?? "",
      String(Properties["FunctionName"]),
    ]),
  );
  const movers = (zone: string) =>
    rolesThatMay(template, {
      action: "route53:ChangeResourceRecordSets",
      arn: arn(zone),
    }).map((role) => functions.get(role));

  it("two functions move records, in zones of the fleet alone", () => {
    const last = ofSize(count).instances.at(-1)?.dns.zone ?? "";
    expect(movers(last).toSorted()).toEqual(["sla-failover-flip", "sla-records"]);
    expect(movers("Z0STRANGER")).toEqual([]);
  });

  it("nobody has anything beside its role but those two", () => {
    const taking = resourcesOf(template, "AWS::IAM::Role").filter(
      ({ Properties }) => Properties["ManagedPolicyArns"],
    );
    expect(taking).toHaveLength(count > 40 ? 2 : 0);
    const flip = grantsByHolder(template).get("sla-failover-flip") ?? [];
    expect(flip.filter(({ action }) => action === "route53:GetHostedZone")).not.toEqual([]);
  });
});
