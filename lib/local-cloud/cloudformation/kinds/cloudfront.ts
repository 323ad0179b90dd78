import type { DistributionSpec } from "../../cloudfront/viewer.ts";
import { type Creation, type Creator, nameOf, objects, required, within } from "../creation.ts";
import { AssemblyRefused } from "../refusal.ts";
import type { Properties } from "../template.ts";

/** Nobody but the distribution asks the bucket here; its policy is not asked. */
const accessControl: Creator = (creation) => {
  const Id = nameOf(creation, "");
  return { ref: Id, attributes: { Id } };
};

const SECURITY: Readonly<Record<string, (settings: Properties) => readonly [string, string]>> = {
  ContentSecurityPolicy: ({ ContentSecurityPolicy: policy }) => [
    "content-security-policy",
    String(policy),
  ],
  ContentTypeOptions: () => ["x-content-type-options", "nosniff"],
  FrameOptions: ({ FrameOption: option }) => ["x-frame-options", String(option)],
  ReferrerPolicy: ({ ReferrerPolicy: policy }) => ["referrer-policy", String(policy)],
  StrictTransportSecurity: ({ AccessControlMaxAgeSec: age, IncludeSubdomains: all }) => [
    "strict-transport-security",
    `max-age=${age}${all === true ? "; includeSubDomains" : ""}`,
  ],
};

/** What AWS gives ids to says here what it is: a distribution reads it out of the reference. */
const headersPolicy: Creator = ({ properties }) => {
  const config = within(properties, "ResponseHeadersPolicyConfig");
  refuseUnknown(config, ["Name", "Comment", "SecurityHeadersConfig"]);
  const security = within(config, "SecurityHeadersConfig");
  refuseUnknown(security, Object.keys(SECURITY));
  const headers = Object.entries(SECURITY).flatMap(([name, header]) =>
    name in security ? [header(within(security, name))] : [],
  );
  return { ref: JSON.stringify(Object.fromEntries(headers)) };
};

const distribution: Creator = async (creation) => {
  const { id, host } = await creation.targets.distributions.put(
    `${creation.stackName}/${creation.logicalId}`,
    specOf(creation),
  );
  return { ref: id, attributes: { Id: id, DomainName: host } };
};

function specOf(creation: Creation): DistributionSpec {
  const config = within(creation.properties, "DistributionConfig");
  const inside = { ...creation, properties: config };
  const behavior = within(config, "DefaultCacheBehavior");
  if (objects(config["CacheBehaviors"]).length > 0) {
    throw new AssemblyRefused("CacheBehaviors are not served, only DefaultCacheBehavior");
  }
  const { ResponseHeadersPolicyId: policy, TargetOriginId: target } = behavior;
  const origin = objects(config["Origins"]).find(({ Id }) => Id === target);
  const named = String(origin?.["DomainName"]);
  const [, bucket, region] = /^(.+)\.s3\.([a-z0-9-]+)\.amazonaws\.com$/.exec(named) ?? [];
  if (bucket === undefined || region === undefined) {
    throw new AssemblyRefused(`an origin ${named} is not served, only a bucket in a region`);
  }
  const aliases = config["Aliases"];
  return {
    ...{ bucket, region, root: required(inside, "DefaultRootObject") },
    comment: String(config["Comment"] ?? ""),
    aliases: Array.isArray(aliases) ? aliases.map(String) : [],
    errors: new Map(
      objects(config["CustomErrorResponses"]).map(
        ({ ErrorCode, ResponseCode, ResponsePagePath }) => [
          Number(ErrorCode),
          { status: Number(ResponseCode), key: String(ResponsePagePath).slice(1) },
        ],
      ),
    ),
    headers: policy === undefined ? {} : headersOf(String(policy)),
  };
}

/** AWS has policies of its own as well, by ids. */
function headersOf(policy: string): Readonly<Record<string, string>> {
  if (policy.startsWith("{")) return JSON.parse(policy) as Record<string, string>;
  throw new AssemblyRefused(
    `ResponseHeadersPolicyId ${policy} is not known, only one of the stack`,
  );
}

function refuseUnknown(properties: Properties, known: readonly string[]): void {
  const unknown = Object.keys(properties).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new AssemblyRefused(`${unknown} is not supported here`);
}

export const CLOUDFRONT = {
  "AWS::CloudFront::Distribution": distribution,
  "AWS::CloudFront::OriginAccessControl": accessControl,
  "AWS::CloudFront::ResponseHeadersPolicy": headersPolicy,
} satisfies Record<string, Creator>;
