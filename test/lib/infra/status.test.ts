import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import type { Fleet } from "../../../lib/sla/fleet.ts";
import { fleet } from "./fleet.ts";
import { appOf, grantsByHolder, resourcesOf, templateOf, templates } from "./templates.ts";

const template = templateOf("SlaPages-eu-west-1");
const SITES = ["eu-central-1", "eu-central-2", "eu-west-1"];
const LEDGERS = SITES.map((region) => `arn:aws:s3:::sla-ledger-111111111111-${region}`);
const OWN = "arn:aws:s3:::sla-ledger-111111111111-eu-west-1";
const PAGES = "arn:aws:s3:::sla-status-111111111111-eu-west-1";

const stackOf = (of: Fleet, name: string) =>
  Template.fromStack(appOf(of).node.findChild(name) as Stack);
const distributionIn = (of: Template) =>
  resourcesOf(of, "AWS::CloudFront::Distribution").map(
    ({ Properties }) => Properties["DistributionConfig"] as Readonly<Record<string, unknown>>,
  );

describe("status pages", () => {
  it("stand in control alone", () => {
    const having = [...templates].filter(([, each]) => distributionIn(each).length > 0);
    expect(having.map(([name]) => name)).toEqual(["SlaPages-eu-west-1"]);
  });

  it("stand nowhere where the fleet asks for none", () => {
    const { status: _, ...without } = fleet;
    const stack = stackOf(without, "SlaPages-eu-west-1");
    expect(distributionIn(stack)).toEqual([]);
    expect(grantsByHolder(stack).has("sla-status")).toBe(false);
    const named = resourcesOf(stack, "AWS::SecretsManager::Secret").map(
      (it) => it.Properties["Name"],
    );
    expect(named).not.toContain("sla/status");
  });

  it("are served over TLS only, to be read only, with a page for what is not there", () => {
    expect(distributionIn(template)).toEqual([
      expect.objectContaining({
        Enabled: true,
        DefaultRootObject: "index.html",
        HttpVersion: "http2and3",
        DefaultCacheBehavior: expect.objectContaining({
          AllowedMethods: ["GET", "HEAD"],
          ViewerProtocolPolicy: "redirect-to-https",
          ResponseHeadersPolicyId: { Ref: expect.any(String) },
        }),
        CustomErrorResponses: [403, 404].map((ErrorCode) => ({
          ...{ ErrorCode, ErrorCachingMinTTL: 10 },
          ...{ ResponseCode: 404, ResponsePagePath: "/404.html" },
        })),
      }),
    ]);
    // Who reads what would be a list of secret addresses.
    expect(distributionIn(template)[0]).not.toHaveProperty("Logging");
  });

  it("may do nothing in a browser but be read", () => {
    const [policy] = resourcesOf(template, "AWS::CloudFront::ResponseHeadersPolicy");
    expect(policy?.Properties).toMatchObject({
      ResponseHeadersPolicyConfig: {
        Name: "sla-status",
        SecurityHeadersConfig: {
          ContentSecurityPolicy: {
            ContentSecurityPolicy:
              "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          },
          ContentTypeOptions: { Override: true },
          FrameOptions: { FrameOption: "DENY" },
          ReferrerPolicy: { ReferrerPolicy: "no-referrer" },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000 },
        },
      },
    });
  });

  it("lie in a private bucket that this distribution may read, and nobody else", () => {
    const policies = resourcesOf(template, "AWS::S3::BucketPolicy");
    const text = policies.map(({ Properties }) => JSON.stringify(Properties["PolicyDocument"]));
    const [policy, ...others] = text.filter((each) => each.includes("cloudfront"));
    expect(others).toEqual([]);
    const { Statement } = JSON.parse(String(policy));
    const allowed = Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow");
    expect(allowed).toEqual([
      {
        ...{ Effect: "Allow", Action: "s3:GetObject" },
        Principal: { Service: "cloudfront.amazonaws.com" },
        Resource: expect.anything(),
        Condition: { StringEquals: { "AWS:SourceArn": expect.anything() } },
      },
    ]);
    expect(JSON.stringify(allowed[0].Condition)).toMatch(/:distribution\/.*StatusSiteDistribution/);
    const [origin] = resourcesOf(template, "AWS::CloudFront::OriginAccessControl");
    expect(origin?.Properties).toMatchObject({
      OriginAccessControlConfig: { SigningBehavior: "always", OriginAccessControlOriginType: "s3" },
    });
  });

  it("may have a name of the provider's, then with TLS 1.2 at least", () => {
    const certificate = "arn:aws:acm:us-east-1:111111111111:certificate/0a1b";
    const own = { host: "status.provider.example", certificate };
    const stack = stackOf({ ...fleet, status: { own } }, "SlaPages-eu-west-1");
    expect(distributionIn(stack)).toMatchObject([
      {
        Aliases: ["status.provider.example"],
        ViewerCertificate: {
          ...{ AcmCertificateArn: certificate, SslSupportMethod: "sni-only" },
          MinimumProtocolVersion: "TLSv1.2_2021",
        },
      },
    ]);
    const written = resourcesOf(stack, "AWS::Lambda::Function").find(
      ({ Properties }) => Properties["FunctionName"] === "sla-status",
    );
    expect(written?.Properties["Environment"]).toMatchObject({
      Variables: { STATUS_ADDRESS: "https://status.provider.example/" },
    });
  });

  it("are written by a function that reads what they show, and deletes only pages of customers", () => {
    const grants = grantsByHolder(template).get("sla-status") ?? [];
    expect(
      grants.flatMap(({ effect, action, resources }) =>
        action.startsWith("logs:") ? [] : [[effect, action, ...resources.toSorted()]],
      ),
    ).toEqual([
      [
        ...["Allow", "s3:GetObject"],
        ...[
          `${OWN}/fleet/*`,
          ...LEDGERS.flatMap((ledger) =>
            ["incidents", "maintenance", "roles", "shards", "shelves"].map(
              (folder) => `${ledger}/${folder}/*`,
            ),
          ),
        ].toSorted(),
      ],
      ["Allow", "s3:GetObject", `${OWN}/status/*`],
      ["Allow", "s3:PutObject", `${OWN}/status/*`],
      ["Allow", "s3:ListBucket", ...LEDGERS, PAGES],
      ["Allow", "s3:PutObject", `${PAGES}/*`],
      ["Allow", "s3:DeleteObject", `${PAGES}/c/*`],
      [
        ...["Allow", "secretsmanager:GetSecretValue"],
        "arn:aws:secretsmanager:eu-west-1:111111111111:secret:sla/status-??????",
      ],
    ]);
  });
});
