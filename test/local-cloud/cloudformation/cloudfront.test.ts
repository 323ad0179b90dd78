import { describe, expect, test } from "vitest";
import { assembly, deploy, world } from "./fixture.ts";

const POLICY = {
  Name: "sla-status",
  SecurityHeadersConfig: {
    ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'none'", Override: true },
    ContentTypeOptions: { Override: true },
    FrameOptions: { FrameOption: "DENY", Override: true },
    StrictTransportSecurity: { AccessControlMaxAgeSec: 60, IncludeSubdomains: false },
  },
};

const stack = (config: object = {}, policy: object = POLICY) =>
  assembly({
    Pages: { Type: "AWS::S3::Bucket", Properties: { BucketName: "pages" } },
    Headers: {
      Type: "AWS::CloudFront::ResponseHeadersPolicy",
      Properties: { ResponseHeadersPolicyConfig: policy },
    },
    Access: {
      Type: "AWS::CloudFront::OriginAccessControl",
      Properties: { OriginAccessControlConfig: { Name: "a" } },
    },
    Edge: {
      Type: "AWS::CloudFront::Distribution",
      Properties: {
        DistributionConfig: {
          Comment: "pages",
          DefaultRootObject: "index.html",
          Origins: [
            {
              Id: "o",
              DomainName: { "Fn::GetAtt": ["Pages", "RegionalDomainName"] },
              OriginAccessControlId: { "Fn::GetAtt": ["Access", "Id"] },
            },
          ],
          DefaultCacheBehavior: {
            TargetOriginId: "o",
            ResponseHeadersPolicyId: { Ref: "Headers" },
          },
          CustomErrorResponses: [
            { ErrorCode: 403, ResponseCode: 404, ResponsePagePath: "/404.html" },
          ],
          ...config,
        },
      },
    },
    Told: {
      Type: "AWS::SNS::Topic",
      Properties: { TopicName: { "Fn::GetAtt": ["Edge", "DomainName"] } },
    },
  });

describe("a distribution of a template", () => {
  test("is served from its bucket, with the headers and error pages that it names", async () => {
    const { asked, services } = world();
    await deploy(stack(), services);
    expect(asked.find(([what]) => what === "distribution")).toEqual([
      "distribution",
      "Sla-eu-central-1/Edge",
      {
        ...{ comment: "pages", aliases: [], bucket: "pages", region: "eu-central-1" },
        root: "index.html",
        errors: new Map([[403, { status: 404, key: "404.html" }]]),
        headers: {
          "content-security-policy": "default-src 'none'",
          "x-content-type-options": "nosniff",
          "x-frame-options": "DENY",
          "strict-transport-security": "max-age=60",
        },
      },
    ]);
  });

  const refused: readonly (readonly [string, object, object, RegExp])[] = [
    [
      "an origin that is no bucket",
      { Origins: [{ Id: "o", DomainName: "x.example" }] },
      POLICY,
      /origin x\.example/,
    ],
    [
      "other behaviors",
      { CacheBehaviors: [{ PathPattern: "/a" }] },
      POLICY,
      /CacheBehaviors are not served/,
    ],
    [
      "headers that it does not know",
      {},
      { Name: "n", CorsConfig: {} },
      /CorsConfig is not supported/,
    ],
    [
      "a policy of AWS's own",
      { DefaultCacheBehavior: { TargetOriginId: "o", ResponseHeadersPolicyId: "67f7" } },
      POLICY,
      /ResponseHeadersPolicyId 67f7 is not known/,
    ],
  ];
  test.each(refused)("is refused with %s", async (_, config, policy, expected) => {
    const { services } = world();
    await expect(deploy(stack(config, policy), services)).rejects.toThrow(expected);
  });
});
