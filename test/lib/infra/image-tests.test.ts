import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { LIVE_FUNCTION } from "../../../functions/live/contract.ts";
import {
  BOOT_FUNCTION,
  IMAGE_TEST_MACHINE,
  TERMINATE_FUNCTION,
} from "../../../functions/restore/image-contract.ts";
import { imageTestDefinition } from "../../../lib/infra/image-test-definition.ts";
import type { Fleet, Site } from "../../../lib/sla/fleet.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { fleet } from "./fleet.ts";
import { allStatements, appOf, grantsByHolder, resourcesOf, templates } from "./templates.ts";

const validate = createRequire(import.meta.url)("asl-validator") as (definition: unknown) => {
  readonly isValid: boolean;
};
const binhex = PRESETS["binhex"];
if (!binhex) throw new Error("there is a plan binhex");

const sealed = (site: Site, region: string): Site => ({
  ...site,
  imageTests: { subnet: `subnet-${region}-t`, securityGroup: `sg-${region}-t` },
});

/** The test fleet, one of whose instances is sold images that are tested. */
const tested: Fleet = {
  ...fleet,
  plans: { ...fleet.plans, binhex: { ...binhex, imageTests: { every: "1mo" } } },
  sites: Object.fromEntries(
    Object.entries(fleet.sites).map(([region, site]) => [region, sealed(site, region)]),
  ),
  instances: fleet.instances.map((instance, index) =>
    index === 0
      ? { ...instance, plan: "binhex", machines: { "eu-central-2": "i-0a1b2c3d" } }
      : instance,
  ),
};

const stacks = new Map(
  appOf(tested)
    .node.children.filter((child) => child instanceof Stack)
    .map((stack) => [stack.stackName, Template.fromStack(stack)]),
);
const HERE = "eu-central-2";
const here = (name: string) => `arn:aws:ec2:${HERE}:111111111111:${name}`;
function imagesIn(region: string): Template {
  const found = stacks.get(`SlaImages-${region}`);
  if (!found) throw new Error(`no images in ${region}`);
  return found;
}
const images = imagesIn(HERE);
const names = (template: Template, type: string, key: string) =>
  resourcesOf(template, type).map(({ Properties }) => Properties[key]);

const ALARMS = ["sla-image-tests-failing", "sla-image-tests-timed-out", "sla-image-test-leftovers"];

describe("a site of a fleet that sells tests of images", () => {
  it.each(Object.keys(fleet.sites))("%s has who starts, who ends, and the machine", (region) => {
    const template = imagesIn(region);
    expect(names(template, "AWS::Lambda::Function", "FunctionName")).toEqual(
      expect.arrayContaining([BOOT_FUNCTION, TERMINATE_FUNCTION]),
    );
    const machines = names(template, "AWS::StepFunctions::StateMachine", "StateMachineName");
    expect(machines).toContain(IMAGE_TEST_MACHINE);
    expect(names(template, "AWS::CloudWatch::Alarm", "AlarmName")).toEqual(
      expect.arrayContaining(ALARMS),
    );
  });

  it("has its alarms in the runbook, in the order in which a person needs it", () => {
    const runbook = readFileSync("docs/runbook.md", "utf8").split(/^## /m);
    for (const alarm of ALARMS) {
      const section = runbook.find((text) => text.startsWith(`${alarm.replace("sla-", "")}\n`));
      expect(section).toMatch(
        /\*\*Means:\*\*[\s\S]+\*\*Look:\*\*[\s\S]+\*\*Do:\*\*[\s\S]+\*\*Not:/,
      );
    }
  });

  it("has none of them where nobody sells any", () => {
    for (const template of templates.values()) {
      const actions = [...grantsByHolder(template).values()].flat().map(({ action }) => action);
      expect(actions.filter((action) => /^ec2:(Run|Terminate)/.test(action))).toEqual([]);
      expect(names(template, "AWS::CloudWatch::Alarm", "AlarmName")).not.toContain(ALARMS[0]);
    }
  });

  it("has a machine that AWS takes, whose every end throws away and records", () => {
    const definition = imageTestDefinition((name) => `arn:aws:lambda:${HERE}:1:function:${name}`);
    expect(validate(definition)).toMatchObject({ isValid: true });
    const states = definition["States"] as Record<string, { readonly Next?: string }>;
    expect(states["Failed"]?.Next).toBe("Terminate");
    expect(states["ComesUp"]?.Next).toBe("Terminate");
    expect(states["Terminate"]?.Next).toBe("Record");
    expect(states["NotDiscarded"]?.Next).toBe("Record");
  });
});

describe("who may do what with machines of tests", () => {
  const holders = grantsByHolder(images);
  const of = (name: string) =>
    [...new Set((holders.get(name) ?? []).map(({ action }) => action))]
      .filter((action) => /^(ec2|kms|iam):/.test(action))
      .toSorted();
  const statements = (action: string) =>
    allStatements(images)
      .filter(({ Action }) => [Action].flat().includes(action))
      .map(({ Resource, Condition }) => [[Resource].flat(), Condition]);

  it("starts them and ends none", () => {
    expect(of(BOOT_FUNCTION)).toEqual([
      ...["ec2:CreateTags", "ec2:DescribeImages", "ec2:DescribeInstanceStatus"],
      ...["ec2:DescribeInstances", "ec2:DescribeSecurityGroups", "ec2:RunInstances"],
      ...["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey"],
      ...["kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
    ]);
  });

  it("ends them and starts none", () => {
    expect(of(TERMINATE_FUNCTION)).toEqual(["ec2:DescribeInstances", "ec2:TerminateInstances"]);
  });

  it("ends what has the tag of a test, and nothing else", () => {
    expect(statements("ec2:TerminateInstances")).toEqual([
      [[here("instance/*")], { Null: { "aws:ResourceTag/sla:restore-test": "false" } }],
    ]);
  });

  it("starts from images of ours, in one subnet and one group, tagged, small, without a public address", () => {
    const subnet = here(`subnet/subnet-${HERE}-t`);
    const isForTest = { Null: { "aws:RequestTag/sla:restore-test": "false" } };
    expect(statements("ec2:RunInstances")).toEqual([
      [
        [`arn:aws:ec2:${HERE}::image/*`, `arn:aws:ec2:${HERE}::snapshot/*`],
        { StringEquals: { "aws:ResourceTag/sla:managed": "true" } },
      ],
      [[here(`security-group/sg-${HERE}-t`), subnet], undefined],
      [
        [here("instance/*")],
        { ...isForTest, StringEquals: { "ec2:InstanceType": ["t3.medium", "t4g.medium"] } },
      ],
      [[here("volume/*")], isForTest],
      [
        [here("network-interface/*")],
        {
          Bool: { "ec2:AssociatePublicIpAddress": "false" },
          ArnEquals: { "ec2:Subnet": subnet },
        },
      ],
    ]);
  });

  it("looks at their networks every day, in regions of sites, and changes none", () => {
    const looking = (templates: Iterable<Template>) =>
      [...templates].flatMap((template) =>
        (grantsByHolder(template).get(LIVE_FUNCTION) ?? []).filter(({ action }) =>
          /^ec2:.*(Group|Subnet)/.test(action),
        ),
      );
    const found = looking(stacks.values());
    expect(found.map(({ action }) => action).toSorted()).toEqual([
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
    ]);
    expect(looking(templates.values())).toEqual([]);
    const regions = [...stacks.values()]
      .flatMap(allStatements)
      .filter(({ Action }) =>
        isDeepStrictEqual(
          Action,
          found.map(({ action }) => action),
        ),
      )
      .map(({ Condition }) => Condition);
    expect(regions).toContainEqual({
      StringEquals: { "aws:RequestedRegion": Object.keys(fleet.sites) },
    });
    expect(regions).not.toContain(undefined);
  });

  it("gives no machine a role", () => {
    const passes = statements("iam:PassRole");
    expect(JSON.stringify(passes)).not.toContain("instance-profile");
    expect((holders.get(BOOT_FUNCTION) ?? []).map(({ action }) => action)).not.toContain(
      "iam:PassRole",
    );
  });

  it("writes on images of ours what was found, and makes none ours", () => {
    const onImages = statements("ec2:CreateTags").filter(([, condition]) =>
      JSON.stringify(condition ?? {}).includes("TagKeys"),
    );
    expect(onImages).toEqual([
      [
        [`arn:aws:ec2:${HERE}::image/*`],
        {
          StringEquals: { "aws:ResourceTag/sla:managed": "true" },
          "ForAllValues:StringEquals": {
            "aws:TagKeys": ["sla:tested", "sla:verified", "sla:refuted"],
          },
        },
      ],
    ]);
    const started = statements("ec2:CreateTags").filter(([, condition]) =>
      JSON.stringify(condition ?? {}).includes("RunInstances"),
    );
    expect(started).toEqual([
      [
        [here("instance/*"), here("volume/*")],
        { StringEquals: { "ec2:CreateAction": "RunInstances" } },
      ],
    ]);
  });
});
