import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnResource, CloudFormationValidatePlugin, Stack } from "aws-cdk-lib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Judge,
  RememberedValidation,
  rememberValidation,
} from "../../../lib/infra/remembered-validation.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "validated-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const GOOD = { Type: "AWS::S3::Bucket", Properties: { BucketName: "good" } };
const BAD = { Type: "AWS::S3::Bucket", Properties: { BucketName: "bad", Nonsense: 1 } };

type Resources = Readonly<Record<string, object>>;
type Where = { readonly accountId?: string; readonly region?: string };

/** Templates in a directory of their own, as a synthesis leaves them. */
function templates(stacks: Readonly<Record<string, Resources>>, where: Where = {}) {
  const { accountId = "111111111111", region = "eu-central-1" } = where;
  const out = mkdtempSync(join(directory, "out-"));
  const stackTemplates = Object.entries(stacks).map(([stackConstructPath, Resources]) => {
    const templatePath = join(out, `${stackConstructPath}.template.json`);
    writeFileSync(templatePath, JSON.stringify({ Resources }));
    return { stackConstructPath, templatePath, accountId, region };
  });
  const templatePaths = stackTemplates.map(({ templatePath }) => templatePath);
  return { stackTemplates, templatePaths, appConstruct: new App() };
}

const real = new CloudFormationValidatePlugin();

/** The CDK's own, and which stacks it was asked about. */
function judge(version = "1.0.0") {
  const asked: string[][] = [];
  const validate: Judge["validate"] = (context) => {
    asked.push(context.stackTemplates.map(({ stackConstructPath }) => stackConstructPath));
    return real.validate(context);
  };
  return { asked, version, validate };
}

/** `out-x7Yz` differs from one synthesis to the next. */
const placed = (report: object) =>
  JSON.parse(JSON.stringify(report).replaceAll(/out-\w{6}/g, "out"));

const kept = () => readdirSync(directory).filter((name) => !name.startsWith("out-"));

describe("what was validated before", () => {
  const fleet = { One: { Good: GOOD, Bad: BAD }, Two: { Bad: BAD }, Three: { Good: GOOD } };

  it("is said again without being asked, in the words of the CDK", () => {
    const fresh = real.validate(templates(fleet));
    expect(fresh.success).toBe(false);
    expect(fresh.violations.some((each) => each.violatingResources.length === 2)).toBe(true);
    const { asked, ...rest } = judge();
    const first = new RememberedValidation(directory, rest).validate(templates(fleet));
    const again = new RememberedValidation(directory, rest).validate(templates(fleet));
    expect(asked).toEqual([["One", "Two", "Three"]]);
    expect([first, again].map(placed)).toEqual([placed(fresh), placed(fresh)]);
  });

  it("is asked again for the stack that has changed, and for no other", () => {
    const { asked, ...rest } = judge();
    const validation = new RememberedValidation(directory, rest);
    validation.validate(templates(fleet));
    const changed = { ...fleet, Three: { Good: GOOD, Bad: BAD } };
    const report = validation.validate(templates(changed));
    expect(asked.at(-1)).toEqual(["Three"]);
    expect(placed(report)).toEqual(placed(real.validate(templates(changed))));
    expect(validation.validate(templates({ Three: fleet.Three })).success).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it.each<readonly [string, () => readonly [ReturnType<typeof templates>, string]]>([
    ["for another account", () => [templates({ One: fleet.One }, { accountId: "2" }), "1.0.0"]],
    ["for another region", () => [templates({ One: fleet.One }, { region: "us-east-1" }), "1.0.0"]],
    ["by other rules", () => [templates({ One: fleet.One }), "1.0.1"]],
    ["under another name", () => [templates({ Renamed: fleet.One }), "1.0.0"]],
  ])("is asked again %s", (_how, other) => {
    new RememberedValidation(directory, judge()).validate(templates({ One: fleet.One }));
    const [context, version] = other();
    const anew = judge(version);
    new RememberedValidation(directory, anew).validate(context);
    expect(anew.asked).toHaveLength(1);
  });

  it.each(["", '{"violations":[{"ruleN', "{}", '{"violations":[null]}'])(
    "is validated anew if what was kept is broken: '%s'",
    (broken) => {
      const { asked, ...rest } = judge();
      const validation = new RememberedValidation(directory, rest);
      const first = validation.validate(templates({ One: fleet.One }));
      const [file = ""] = kept();
      writeFileSync(join(directory, file), broken);
      expect(placed(validation.validate(templates({ One: fleet.One })))).toEqual(placed(first));
      expect(asked).toHaveLength(2);
      expect(readFileSync(join(directory, file), "utf8")).toContain("Nonsense");
    },
  );

  it("survives somebody else who validates the same meanwhile", () => {
    const other = new RememberedValidation(directory, judge());
    const slow = judge();
    const validation = new RememberedValidation(directory, {
      ...slow,
      validate: (context) => {
        other.validate(templates(fleet));
        return slow.validate(context);
      },
    });
    expect(validation.validate(templates(fleet)).success).toBe(false);
    expect(kept()).toHaveLength(3);
    const third = judge();
    new RememberedValidation(directory, third).validate(templates(fleet));
    expect(third.asked).toEqual([]);
  });

  it("is not kept if a finding is about no template", () => {
    const violations = [{ ruleName: "E0", description: "lost", violatingResources: [] }];
    const validation = new RememberedValidation(directory, {
      validate: () => ({ success: false, violations }),
    });
    expect(() => validation.validate(templates(fleet))).toThrow(
      "E0: found in none of the templates",
    );
    expect(kept()).toEqual([]);
  });
});

it("a template with a mistake does not synthesize, the second time as little as the first", () => {
  const synthesized = () => {
    const outdir = mkdtempSync(join(directory, "out-"));
    const context = { "@aws-cdk/core:validateAgainstDefaultRules": true };
    const app = new App({ outdir, context });
    rememberValidation(app, directory);
    new CfnResource(new Stack(app, "One"), "Bad", {
      type: BAD.Type,
      properties: BAD.Properties,
    });
    return () => app.synth();
  };
  expect(synthesized()).toThrow("Nonsense");
  expect(synthesized()).toThrow("Nonsense");
});
