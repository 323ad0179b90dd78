import { CfnOutput, RemovalPolicy } from "aws-cdk-lib";
import {
  HttpApi,
  type HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { BundledFunction } from "./bundled-function.ts";
import type { FunctionName } from "./functions.ts";

interface JwtApiProps {
  /** Of the API, its authorizer and what answers. */
  readonly name: FunctionName;
  readonly description: string;
  readonly answer: BundledFunction;
  /** `GET /instances/{instance}` */
  readonly routes: readonly string[];
  readonly issuer: string;
  readonly audience: readonly string[];
  /** A token has one of them. @default no scope is asked for */
  readonly scopes?: readonly string[] | undefined;
  /** Output of the stack that says the API's address. */
  readonly output: { readonly stack: Construct; readonly name: string };
}

/** An HTTP API of a few requests a second, each with a token of one issuer, all answered by one function. Who asked what is logged. */
export function jwtApi(scope: Construct, props: JwtApiProps): void {
  const { name, description, answer, routes, issuer, audience, scopes, output } = props;
  const api = new HttpApi(scope, "Api", { apiName: name, description, createDefaultStage: false });
  const integration = new HttpLambdaIntegration("Answer", answer.function, {
    // One permission for the API instead of one for each of its routes, all of which this function answers.
    scopePermissionToRoute: false,
  });
  const authorizer = new HttpJwtAuthorizer("Issuer", issuer, {
    authorizerName: name,
    jwtAudience: [...audience],
  });
  for (const [method = "", path = ""] of routes.map((route) => route.split(" "))) {
    api.addRoutes({
      ...{ path, methods: [method as HttpMethod], integration, authorizer },
      ...(scopes && { authorizationScopes: [...scopes] }),
    });
  }
  const accesses = new LogGroup(scope, "Accesses", {
    logGroupName: `/aws/apigateway/${name}`,
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  new HttpStage(scope, "Stage", {
    httpApi: api,
    autoDeploy: true,
    throttle: { burstLimit: 20, rateLimit: 10 },
    accessLogSettings: { destination: new LogGroupLogDestination(accesses) },
  });
  // Nothing imports it: it is for people to read.
  new CfnOutput(output.stack, output.name, { value: api.apiEndpoint });
}
