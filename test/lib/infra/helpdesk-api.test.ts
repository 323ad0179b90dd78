import { readFileSync } from "node:fs";
import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { HELPDESK_FUNCTION, HELPDESK_ROUTES } from "../../../functions/support/contract.ts";
import { quotaNeeds } from "../../../lib/sla/quotas.ts";
import { fleet } from "./fleet.ts";
import { appOf, grantsByHolder, resourcesOf, templates } from "./templates.ts";

const helpdesk = {
  ...{ issuer: "https://login.example", audience: ["tickets"], scope: "tickets:write" },
};
const withDesk = { ...fleet, provider: { ...fleet.provider, helpdesk } };
const app = appOf(withDesk);
const template = (site: string) =>
  Template.fromStack(app.node.findChild(`SlaPages-${site}`) as Stack);
const MIRROR = template("eu-central-2");
const SITE = Template.fromStack(app.node.findChild("Sla-eu-central-2") as Stack);
const ledger = (region: string) => `arn:aws:s3:::sla-ledger-111111111111-${region}`;
const [CONTROL, OTHER] = [ledger("eu-west-1"), ledger("eu-central-2")];

describe("the API of the helpdesk", () => {
  it("has its routes, each of which wants a token of the helpdesk's issuer with its scope", () => {
    const routes = resourcesOf(MIRROR, "AWS::ApiGatewayV2::Route").map((each) => each.Properties);
    expect(routes.map(({ RouteKey }) => RouteKey).toSorted()).toEqual(
      [...HELPDESK_ROUTES].toSorted(),
    );
    for (const route of routes) {
      expect(route).toMatchObject({
        ...{ AuthorizationType: "JWT", AuthorizationScopes: ["tickets:write"] },
      });
    }
    const [authorizer] = resourcesOf(MIRROR, "AWS::ApiGatewayV2::Authorizer");
    expect(authorizer?.Properties).toMatchObject({
      JwtConfiguration: { Issuer: "https://login.example", Audience: ["tickets"] },
    });
    const [stage] = resourcesOf(MIRROR, "AWS::ApiGatewayV2::Stage");
    expect(stage?.Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingBurstLimit: 20, ThrottlingRateLimit: 10 },
      AccessLogSettings: { DestinationArn: expect.anything() },
    });
  });

  it("reads the fleet, reads tickets and adds to them: nothing else", () => {
    const grants = grantsByHolder(MIRROR).get(HELPDESK_FUNCTION) ?? [];
    expect(
      grants.flatMap(({ effect, action, resources }) =>
        action.startsWith("logs:") ? [] : [[effect, action, ...resources.toSorted()]],
      ),
    ).toEqual([
      ["Allow", "s3:GetObject", `${OTHER}/fleet/*`, `${OTHER}/tickets/*`, `${CONTROL}/tickets/*`],
      ["Allow", "s3:PutObject", `${OTHER}/tickets/*`, `${CONTROL}/tickets/*`],
      ["Allow", "s3:ListBucket", OTHER, CONTROL],
    ]);
  });

  it("stands where tickets are kept, beside that of customers and apart from it", () => {
    const apis = (of: Template) =>
      resourcesOf(of, "AWS::ApiGatewayV2::Api").map(({ Properties }) => Properties["Name"]);
    expect(apis(template("eu-west-1")).toSorted()).toEqual(["sla-customers", "sla-helpdesk"]);
    expect(apis(MIRROR)).toEqual(["sla-helpdesk"]);
    expect(app.node.tryFindChild("SlaPages-eu-central-1")).toBeUndefined();
    expect(templates.has("SlaPages-eu-central-2")).toBe(false);
  });

  it("takes no more concurrency than is counted, and says when it fails", () => {
    const reserved = [SITE, MIRROR]
      .flatMap((of) => resourcesOf(of, "AWS::Lambda::Function"))
      .map(({ Properties }) => Number(Properties["ReservedConcurrentExecutions"] ?? 0))
      .reduce((sum, each) => sum + each, 0);
    const need = quotaNeeds(withDesk).find(
      ({ service, region }) => service === "lambda" && region === "eu-central-2",
    );
    // In this region no function has a URL: neither flags nor approvals are there.
    expect(need?.because).toContain(`${reserved + 25} reserved`);
    const alarms = resourcesOf(MIRROR, "AWS::CloudWatch::Alarm").map(
      ({ Properties }) => Properties["AlarmName"],
    );
    expect(alarms).toContain("sla-helpdesk-failing");
    expect(readFileSync("docs/runbook.md", "utf8")).toContain("\n## helpdesk-failing\n");
  });
});
