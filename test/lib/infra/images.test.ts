import { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { IMAGE_FUNCTIONS } from "../../../functions/snapshot/contract.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { fleet } from "./fleet.ts";
import { allStatements, appOf, grantsByHolder, resourcesOf, templates } from "./templates.ts";

const binhex = PRESETS["binhex"];
if (!binhex) throw new Error("there is a plan binhex");

const MACHINES = [
  { "eu-central-2": "i-0a1b2c3d", "eu-central-1": "Name=acme" },
  { "eu-central-2": "Name=birch" },
];

/** The test fleet, two of whose instances are sold images. */
const imaged: Fleet = {
  ...fleet,
  plans: { binhex },
  instances: fleet.instances.map((instance, index) => {
    const machines = MACHINES[index];
    return machines ? { ...instance, plan: "binhex", machines } : instance;
  }),
};

const stacks = new Map(
  appOf(imaged)
    .node.children.filter((child) => child instanceof Stack)
    .map((stack) => [stack.stackName, Template.fromStack(stack)]),
);

function imagesIn(region: string): Template {
  const found = stacks.get(`SlaImages-${region}`);
  if (!found) throw new Error(`no images in ${region}`);
  return found;
}

const ours = (region: string) =>
  ["image", "snapshot"].map((kind) => `arn:aws:ec2:${region}::${kind}/*`);
const statementsOf = (region: string, action: string) =>
  allStatements(imagesIn(region)).filter(({ Action }) => [Action].flat().includes(action));

describe("a site of a fleet that sells images", () => {
  it.each(Object.keys(fleet.sites))("%s has who takes, copies and deletes them", (region) => {
    const names = resourcesOf(imagesIn(region), "AWS::Lambda::Function").map(
      ({ Properties }) => Properties["FunctionName"],
    );
    expect(names).toEqual(expect.arrayContaining(Object.values(IMAGE_FUNCTIONS)));
  });

  it("has none of them, nor a permission of theirs, where nobody sells any", () => {
    expect([...templates.keys()].filter((name) => name.startsWith("SlaImages"))).toEqual([]);
    for (const template of templates.values()) {
      const actions = [...grantsByHolder(template)].flatMap(([, grants]) =>
        grants.map(({ action }) => action),
      );
      expect(actions.filter((action) => /^ec2:.*(Image|Snapshot)/.test(action))).toEqual([]);
    }
  });
});

describe("who may do what with images", () => {
  const holders = ["Sla-eu-central-2", "SlaImages-eu-central-2"].flatMap((name) => {
    const stack = stacks.get(name);
    return stack ? [...grantsByHolder(stack)] : [];
  });
  const actionsOf = (name: string) =>
    new Set(
      holders.flatMap(([holder, grants]) =>
        holder === name ? grants.map(({ action }) => action) : [],
      ),
    );
  const of = (service: string, name: string) =>
    [...actionsOf(name)].filter((action) => action.startsWith(`${service}:`)).toSorted();

  it.each([
    [IMAGE_FUNCTIONS.take, ["ec2:CreateImage", "ec2:CreateTags", "ec2:DescribeInstances"]],
    [IMAGE_FUNCTIONS.copy, ["ec2:CopyImage", "ec2:CreateTags", "ec2:DescribeImages"]],
    [
      IMAGE_FUNCTIONS.rotate,
      ["ec2:DeleteSnapshot", "ec2:DeregisterImage", "ec2:DescribeImages", "ec2:DescribeSnapshots"],
    ],
    ["sla-backups", ["ec2:DescribeImages", "ec2:DescribeSnapshots"]],
  ] as const)("%s", (name, actions) => {
    expect(of("ec2", name)).toEqual(actions);
    expect(of("rds", name).length > 0).toBe(name === "sla-backups");
  });

  it("deletes what has our tag, and never what somebody holds, in its own region", () => {
    const region = "eu-central-2";
    expect(statementsOf(region, "ec2:DeregisterImage")).toEqual([
      {
        ...{ Effect: "Allow", Action: ["ec2:DeleteSnapshot", "ec2:DeregisterImage"] },
        ...{ Resource: ours(region) },
        Condition: { StringEquals: { "aws:ResourceTag/sla:managed": "true" } },
      },
      {
        ...{ Effect: "Deny", Action: ["ec2:DeleteSnapshot", "ec2:DeregisterImage"] },
        ...{ Resource: "*", Condition: { Null: { "aws:ResourceTag/sla:hold": "false" } } },
      },
    ]);
  });

  it("takes them of the machines that the fleet names there, by id or by tag, and of no others", () => {
    const instances = (region: string) =>
      statementsOf(region, "ec2:CreateImage").flatMap(({ Resource, Condition }) =>
        [Resource].flat().flatMap((each) => {
          const [, name] = String(each).split(":instance/");
          return name === undefined ? [] : [[name, Condition]];
        }),
      );
    const tagged = (name: string) => ({ StringEquals: { "aws:ResourceTag/Name": [name] } });
    expect(instances("eu-central-2")).toEqual([
      ["i-0a1b2c3d", undefined],
      ["*", tagged("birch")],
    ]);
    expect(instances("eu-central-1")).toEqual([["*", tagged("acme")]]);
    expect(instances("eu-west-1")).toEqual([]);
  });

  it("tags what is being made, and nothing that is there", () => {
    for (const { Condition } of statementsOf("eu-central-2", "ec2:CreateTags")) {
      expect(Condition).toEqual({
        StringEquals: { "ec2:CreateAction": expect.stringMatching(/^(Create|Copy)Image$/) },
      });
    }
    expect(statementsOf("eu-central-2", "ec2:CreateTags")).toHaveLength(2);
  });

  it("uses keys through EC2 only", () => {
    const [copying] = holders.filter(([holder]) => holder === IMAGE_FUNCTIONS.copy);
    expect(copying?.[1].some(({ action }) => action === "kms:CreateGrant")).toBe(true);
    const grants = statementsOf("eu-central-2", "kms:ReEncryptTo");
    expect(grants).toHaveLength(1);
    expect(grants[0]?.["Condition"]).toEqual({
      StringLike: { "kms:ViaService": "ec2.*.amazonaws.com" },
    });
  });
});
