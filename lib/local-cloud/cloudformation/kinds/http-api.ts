import type { JwtConfiguration } from "../../api-gateway/jwt-authorizer.ts";
import { type Creation, type Creator, nameOf, numberOr, required, within } from "../creation.ts";
import { AssemblyRefused } from "../refusal.ts";
import type { Properties } from "../template.ts";

/** HTTP APIs with functions behind them, as API Gateway's second version has them. */
const api: Creator = async (creation) => {
  const { properties, region, targets } = creation;
  if (properties["ProtocolType"] !== "HTTP") {
    throw new AssemblyRefused(
      `ProtocolType ${properties["ProtocolType"]} is not served, only HTTP`,
    );
  }
  const { id, endpoint } = await targets.httpApis.create(region, nameOf(creation, "Name"));
  return { ref: id, attributes: { ApiId: id, ApiEndpoint: endpoint } };
};

/** What AWS gives ids to says here what it is: a route reads it out of the reference. */
const authorizer: Creator = (creation) => {
  const { properties } = creation;
  if (properties["AuthorizerType"] !== "JWT") {
    throw new AssemblyRefused(
      `AuthorizerType ${properties["AuthorizerType"]} is not known, only JWT`,
    );
  }
  const { Issuer, Audience } = within(properties, "JwtConfiguration");
  if (typeof Issuer !== "string" || !Array.isArray(Audience)) {
    throw new AssemblyRefused("the property JwtConfiguration lacks Issuer or Audience");
  }
  return { ref: JSON.stringify({ issuer: Issuer, audience: Audience.map(String) }) };
};

const integration: Creator = (creation) => {
  const { PayloadFormatVersion: version, IntegrationType: type } = creation.properties;
  if (type !== "AWS_PROXY" || version !== "2.0") {
    throw new AssemblyRefused(`an integration ${type} ${version} is not known, only AWS_PROXY 2.0`);
  }
  return { ref: required(creation, "IntegrationUri").split(":").at(-1) ?? "" };
};

const route: Creator = (creation) => {
  const { properties, targets, logicalId } = creation;
  const { AuthorizationScopes: scopes } = properties;
  const authorized = authorizerOf(creation);
  const { before } = creation;
  if (before) removeRoute(creation, before.properties);
  targets.httpApis.route(required(creation, "ApiId"), {
    routeKey: required(creation, "RouteKey"),
    functionName: required(creation, "Target").replace(/^integrations\//, ""),
    ...(authorized && { authorizer: authorized }),
    ...(Array.isArray(scopes) && { scopes: scopes.map(String) }),
  });
  return { ref: logicalId };
};

export const removeRoute = (
  { targets }: Pick<Creation, "targets">,
  { ApiId, RouteKey }: Properties,
): void => targets.httpApis.unroute(String(ApiId), String(RouteKey));

function authorizerOf({ properties }: Creation): JwtConfiguration | undefined {
  const { AuthorizationType: type = "NONE", AuthorizerId: id } = properties;
  if (type === "NONE") return undefined;
  if (type === "JWT") return JSON.parse(String(id)) as JwtConfiguration;
  throw new AssemblyRefused(`AuthorizationType ${type} is not known, only JWT and NONE`);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html: of an account in a region. */
const ACCOUNT_LIMITS = { burst: 5000, perSecond: 10_000 } as const;

const stage: Creator = (creation) => {
  const { properties, targets } = creation;
  const name = required(creation, "StageName");
  if (name !== "$default" || properties["AutoDeploy"] !== true) {
    throw new AssemblyRefused(`a stage ${name} is not served, only $default with AutoDeploy`);
  }
  const limits = within(properties, "DefaultRouteSettings");
  targets.httpApis.stage(required(creation, "ApiId"), {
    burst: numberOr(limits["ThrottlingBurstLimit"], ACCOUNT_LIMITS.burst),
    perSecond: numberOr(limits["ThrottlingRateLimit"], ACCOUNT_LIMITS.perSecond),
  });
  return { ref: name };
};

export const HTTP_API = {
  "AWS::ApiGatewayV2::Api": api,
  "AWS::ApiGatewayV2::Authorizer": authorizer,
  "AWS::ApiGatewayV2::Integration": integration,
  "AWS::ApiGatewayV2::Route": route,
  "AWS::ApiGatewayV2::Stage": stage,
} satisfies Record<string, Creator>;
