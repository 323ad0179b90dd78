import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { fleet } from "./fleet.ts";
import { appOf, grantsByHolder, resourcesOf, templateOf } from "./templates.ts";

const FROM = "reports@provider.example";
const LEDGER = "arn:aws:s3:::sla-ledger-111111111111-eu-west-1";
const mailing = { ...fleet, reports: { from: FROM } };
const control = Template.fromStack(appOf(mailing).node.findChild("SlaPages-eu-west-1") as Stack);
const mayOf = (template: Template) =>
  (grantsByHolder(template).get("sla-report") ?? []).filter(
    ({ action }) => !action.startsWith("logs:"),
  );

describe("monthly reports", () => {
  it("are published in control alone", () => {
    expect(mayOf(templateOf("Sla-eu-central-1"))).toEqual([]);
    expect(mayOf(control)).not.toEqual([]);
  });

  it("read evidence, but nothing that is sealed for others, and write reports alone", () => {
    const may = mayOf(control);
    expect([...new Set(may.map(({ action }) => action))].toSorted()).toEqual([
      ...["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListBucket", "s3:PutObject"],
      ...["ses:SendEmail", "ses:SendRawEmail"],
    ]);
    const written = (action: string) =>
      may.filter((each) => each.action === action).flatMap(({ resources }) => resources);
    expect(written("s3:PutObject")).toEqual([
      `${LEDGER}/reports/*`,
      `${LEDGER}/status/days.json.gz`,
    ]);
    expect(written("s3:AbortMultipartUpload")).toEqual([`${LEDGER}/reports/*`]);
    const denied = may.filter(({ effect }) => effect === "Deny");
    expect(denied.flatMap(({ resources }) => resources)).toContain(`${LEDGER}/sealed/*`);
  });

  it("sum up no days where the fleet publishes no status pages", () => {
    const { status: _, ...none } = mailing;
    const template = Template.fromStack(appOf(none).node.findChild("SlaPages-eu-west-1") as Stack);
    const written = mayOf(template).filter(({ action }) => action === "s3:PutObject");
    expect(written.flatMap(({ resources }) => resources)).toEqual([`${LEDGER}/reports/*`]);
  });

  it("leave by mail from the one sender that the fleet names, which SES is told of", () => {
    const mails = mayOf(control).filter(({ action }) => action === "ses:SendEmail");
    expect(mails.flatMap(({ resources }) => resources)).toEqual([
      "arn:aws:ses:eu-west-1:111111111111:identity/*",
    ]);
    const identities = resourcesOf(control, "AWS::SES::EmailIdentity");
    expect(identities.map(({ Properties }) => Properties)).toEqual([{ EmailIdentity: FROM }]);
  });

  it("leave by no mail where the fleet names no sender", () => {
    const template = templateOf("SlaPages-eu-west-1");
    expect(mayOf(template).map(({ action }) => action)).not.toContain("ses:SendEmail");
    expect(resourcesOf(template, "AWS::SES::EmailIdentity")).toEqual([]);
  });
});
