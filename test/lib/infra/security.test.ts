import { App, Stack, Validations } from "aws-cdk-lib";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import type { IConstruct } from "constructs";
import { describe, expect, it } from "vitest";
import { readFleet } from "../../../lib/fleet/parse.ts";
import { appOf } from "./templates.ts";

/** `rule at place`: what AWS Solutions Checks find and nobody has explained. */
function findingsIn(scope: App): readonly string[] {
  const { violations } = new AwsSolutionsChecks(scope).validateScope(scope);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
  );
}

/** Everything anybody has explained away, as `rule`, `reason` and where. */
const acknowledgedIn = (scope: IConstruct) =>
  scope.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Readonly<Record<string, string>>))
      .map(([rule, reason]) => ({ rule, reason, at: node.path })),
  );

describe("AWS Solutions Checks", () => {
  const app = appOf(readFleet("examples/fleet.yaml"));

  it("find nothing in the example's stacks that has no reason", () => {
    expect(findingsIn(app)).toEqual([]);
  });

  it("would find something", () => {
    const careless = new App();
    new Bucket(new Stack(careless, "Careless"), "Open");
    expect(findingsIn(careless)).toContain("AwsSolutions-S1 at Careless/Open/Resource");
  });

  it("are told a reason that is a sentence, on the one resource it is about", () => {
    const told = acknowledgedIn(app).filter(({ rule }) => rule.includes("AwsSolutions"));
    expect(told.length).toBeGreaterThan(0);
    for (const { reason, at } of told) {
      expect(reason).toMatch(/^[A-Za-z].{30,}\.$/);
      expect(at.split("/").length).toBeGreaterThan(1);
    }
  });

  it("are told of no rule that could be mended instead", () => {
    const rules = acknowledgedIn(app).flatMap(({ rule }) => /AwsSolutions-\w+/.exec(rule) ?? []);
    expect([...new Set(rules)].toSorted()).toEqual([
      "AwsSolutions-CFR1",
      "AwsSolutions-CFR2",
      "AwsSolutions-CFR3",
      "AwsSolutions-CFR4",
      "AwsSolutions-IAM5",
      "AwsSolutions-S1",
      "AwsSolutions-SMG4",
      "AwsSolutions-SQS3",
    ]);
  });
});
