import { readFileSync } from "node:fs";
import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { TICKETS_FUNCTION } from "../../../functions/support/contract.ts";
import { cloudpepperHigh } from "../../../lib/sla/presets/cloudpepper-high.ts";
import { fleet } from "./fleet.ts";
import { appOf, grantsByHolder, resourcesOf } from "./templates.ts";

const [acme] = fleet.instances;
if (!acme) throw new Error("an instance");
const app = appOf({
  ...fleet,
  plans: { "cloudpepper-high": cloudpepperHigh },
  instances: [{ ...acme, plan: "cloudpepper-high" }],
});
const template = (stack: string) => Template.fromStack(app.node.findChild(stack) as Stack);
const control = template("SlaPages-eu-west-1");
const LEDGER = "arn:aws:s3:::sla-ledger-111111111111-eu-west-1";
const MIRROR = "arn:aws:s3:::sla-ledger-111111111111-eu-central-2";

const named = (of: Template, type: string, property: string) =>
  resourcesOf(of, type).map(({ Properties }) => Properties[property]);

describe("support that was sold", () => {
  it("is looked after every minute at control, and nowhere else", () => {
    expect(named(control, "AWS::Lambda::Function", "FunctionName")).toContain(TICKETS_FUNCTION);
    const schedules = resourcesOf(control, "AWS::Scheduler::Schedule").filter(
      ({ Properties }) => Properties["Name"] === TICKETS_FUNCTION,
    );
    expect(schedules.map(({ Properties }) => Properties["ScheduleExpression"])).toEqual([
      "rate(1 minute)",
    ]);
    const elsewhere = template("Sla-eu-central-1");
    expect(named(elsewhere, "AWS::Lambda::Function", "FunctionName")).not.toContain(
      TICKETS_FUNCTION,
    );
  });

  it("may read and add to tickets and hand mails over: nothing else", () => {
    const grants = grantsByHolder(control).get(TICKETS_FUNCTION) ?? [];
    expect(
      grants.flatMap(({ effect, action, resources }) =>
        action.startsWith("logs:") ? [] : [[effect, action, ...resources.toSorted()]],
      ),
    ).toEqual([
      ["Allow", "s3:GetObject", `${MIRROR}/tickets/*`, `${LEDGER}/fleet/*`, `${LEDGER}/tickets/*`],
      ["Allow", "s3:PutObject", `${MIRROR}/tickets/*`, `${LEDGER}/tickets/*`],
      ["Allow", "s3:ListBucket", MIRROR, LEDGER],
      [
        ...["Allow", "lambda:InvokeFunction"],
        "arn:aws:lambda:eu-west-1:111111111111:function:sla-notify",
      ],
    ]);
  });

  it("tells where nobody looks, and what then has to be done", () => {
    const alarms = named(control, "AWS::CloudWatch::Alarm", "AlarmName").map(String);
    const ours = alarms.filter((name) => name.startsWith("sla-tickets-"));
    expect(ours.toSorted()).toEqual(["sla-tickets-failing", "sla-tickets-silent"]);
    const runbook = readFileSync("docs/runbook.md", "utf8");
    for (const name of [...ours.map((each) => each.slice(4)), "reply-due", "reply-missed"]) {
      expect(runbook).toContain(`\n## ${name}\n`);
    }
  });
});
