import { Duration, Validations } from "aws-cdk-lib";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import {
  MISSING_PAGE,
  PAGE_POLICY,
  ROOT_PAGE,
  STATUS_FUNCTION,
  statusBucket,
} from "../../functions/status/contract.ts";
import type { StatusPage } from "../sla/fleet.ts";
import { PRIVATE } from "./guarded-bucket.ts";

interface StatusSiteProps {
  readonly account: string;
  readonly region: string;
  readonly page: StatusPage;
}

/** Pages that stay readable when nothing of ours runs: a private bucket, and CloudFront in front of it. */
export class StatusSite extends Construct {
  /** `https://…/` */
  readonly address: string;

  constructor(scope: Construct, id: string, { account, region, page }: StatusSiteProps) {
    super(scope, id);
    // What lies in it can be made again at any minute: no versions.
    const bucket = new Bucket(this, "Bucket", {
      ...PRIVATE,
      bucketName: statusBucket(account, region),
    });
    const distribution = new Distribution(this, "Distribution", {
      comment: "hosting-sla: status pages",
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket as IBucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: headers(this),
        compress: true,
      },
      defaultRootObject: ROOT_PAGE,
      // S3 says 403 of what is not there to whoever may not list; nobody learns which pages there are.
      errorResponses: [403, 404].map((httpStatus) => ({
        httpStatus,
        responseHttpStatus: 404,
        responsePagePath: `/${MISSING_PAGE}`,
        ttl: Duration.seconds(10),
      })),
      httpVersion: HttpVersion.HTTP2_AND_3,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      ...ownName(this, page),
    });
    this.address = `https://${page.own?.host ?? distribution.distributionDomainName}/`;
    explain(bucket, distribution, page);
  }
}

function ownName(scope: Construct, { own }: StatusPage) {
  if (!own) return {};
  const certificate = Certificate.fromCertificateArn(scope, "Certificate", own.certificate);
  return { domainNames: [own.host], certificate };
}

const headers = (scope: Construct) =>
  new ResponseHeadersPolicy(scope, "Headers", {
    responseHeadersPolicyName: STATUS_FUNCTION,
    comment: "hosting-sla: what status pages may do",
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: PAGE_POLICY, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.days(365),
        includeSubdomains: false,
        override: true,
      },
    },
  });

const UNLOGGED =
  "Addresses of customers' pages are secrets: a log of who read what would be a list of them.";

function explain(bucket: Bucket, distribution: Distribution, { own }: StatusPage): void {
  Validations.of(bucket).acknowledge({ id: "AwsSolutions-S1", reason: UNLOGGED });
  const reasons: Readonly<Record<string, string>> = {
    "AwsSolutions-CFR1": "Customers read the status from wherever they are.",
    "AwsSolutions-CFR2":
      "Static pages that take no input: a firewall would have nothing to look at.",
    "AwsSolutions-CFR3": UNLOGGED,
    ...(!own && {
      "AwsSolutions-CFR4":
        "CloudFront's own name comes with its own certificate and protocols; a name of the provider's has TLS 1.2 at least.",
    }),
  };
  for (const [id, reason] of Object.entries(reasons)) {
    Validations.of(distribution).acknowledge({ id, reason });
  }
}
