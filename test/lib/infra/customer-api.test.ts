import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { CUSTOMER_ROUTES } from "../../../functions/download/contract.ts";
import { fleet } from "./fleet.ts";
import { appOf, grantsByHolder, resourcesOf, templateOf } from "./templates.ts";

const template = templateOf("SlaPages-eu-west-1");
const EVERYWHERE = ["eu-central-1", "eu-central-2", "eu-west-1"].map(
  (region) => `arn:aws:s3:::sla-ledger-111111111111-${region}`,
);
const LEDGER = EVERYWHERE[2];

describe("the API of customers", () => {
  it("has its routes, each of which wants a token of the fleet's issuer with its scope", () => {
    const routes = resourcesOf(template, "AWS::ApiGatewayV2::Route").map(
      ({ Properties }) => Properties,
    );
    expect(routes.map(({ RouteKey }) => RouteKey).toSorted()).toEqual(
      [...CUSTOMER_ROUTES].toSorted(),
    );
    for (const route of routes) {
      expect(route).toMatchObject({
        AuthorizationType: "JWT",
        AuthorizationScopes: ["copies"],
        AuthorizerId: { Ref: expect.any(String) },
      });
    }
    const [authorizer, ...others] = resourcesOf(template, "AWS::ApiGatewayV2::Authorizer");
    expect(others).toEqual([]);
    expect(authorizer?.Properties).toMatchObject({
      AuthorizerType: "JWT",
      JwtConfiguration: { Issuer: "https://login.example", Audience: ["sla"] },
      IdentitySource: ["$request.header.Authorization"],
    });
  });

  it("says who asked what, and takes no more than a few requests a second", () => {
    const [stage] = resourcesOf(template, "AWS::ApiGatewayV2::Stage");
    expect(stage?.Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingBurstLimit: 20, ThrottlingRateLimit: 10 },
      AccessLogSettings: { DestinationArn: expect.anything() },
    });
  });

  it("reads links and who followed them, writes links and wishes, and asks what is frozen: nothing else", () => {
    const grants = grantsByHolder(template).get("sla-customers") ?? [];
    expect(
      grants.flatMap(({ effect, action, resources }) =>
        action.startsWith("logs:") ? [] : [[effect, action, ...resources.toSorted()]],
      ),
    ).toEqual([
      [
        ...["Allow", "s3:GetObject"],
        ...["accesses", "fetches", "fleet", "left", "links", "restores", "roles"].map(
          (it) => `${LEDGER}/${it}/*`,
        ),
      ],
      ["Allow", "s3:PutObject", `${LEDGER}/links/*`],
      ["Allow", "s3:GetObject", ...EVERYWHERE.map((ledger) => `${ledger}/fresh/*`)],
      ["Allow", "s3:PutObject", ...EVERYWHERE.map((ledger) => `${ledger}/fresh/*`)],
      ["Allow", "s3:ListBucket", ...EVERYWHERE],
      [
        ...["Allow", "lambda:InvokeFunction"],
        "arn:aws:lambda:eu-west-1:111111111111:function:sla-freeze",
      ],
    ]);
  });

  it("does not stand where the fleet names nobody who vouches for customers", () => {
    const { customers: _, ...without } = fleet;
    const stack = appOf(without).node.findChild("SlaPages-eu-west-1") as Stack;
    expect(resourcesOf(Template.fromStack(stack), "AWS::ApiGatewayV2::Api")).toEqual([]);
    expect(grantsByHolder(Template.fromStack(stack)).has("sla-customers")).toBe(false);
  });
});
