import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Door, type DoorOptions, openDoor } from "../https-door.ts";
import type { Functions, InvokeOutcome } from "../lambda/function.ts";
import { bodyOf, passOn, requestEvent } from "../lambda/http-proxy.ts";
import { Tokens } from "../tokens.ts";
import { AwsError } from "../wire/service.ts";
import {
  type IssuerReach,
  type Judged,
  type JwtConfiguration,
  jwtAuthorizer,
} from "./jwt-authorizer.ts";
import { matchRoute } from "./routes.ts";

export interface RouteSpec {
  /** `GET /instances/{instance}` */
  readonly routeKey: string;
  readonly functionName: string;
  /** Absent: anybody may ask. */
  readonly authorizer?: JwtConfiguration;
  readonly scopes?: readonly string[];
}

export interface StageLimits {
  readonly burst: number;
  readonly perSecond: number;
}

/** HTTP APIs of all regions, each at a host of its own, with the stage `$default` alone. */
export interface HttpApis {
  /** The same id and host for the same name, as long as the cloud runs. */
  create(region: string, name: string): Promise<{ readonly id: string; readonly endpoint: string }>;
  /** One that is there is replaced. */
  route(id: string, route: RouteSpec): void;
  unroute(id: string, routeKey: string): void;
  /** Nothing answers there any more. */
  remove(id: string): void;
  /** Without it nothing of the API answers. */
  stage(id: string, limits: StageLimits): void;
  endpointOf(region: string, name: string): string | undefined;
  close(): void;
}

interface Api {
  readonly region: string;
  readonly host: string;
  readonly routes: Map<string, Route>;
  tokens?: Tokens;
}

interface Route extends RouteSpec {
  readonly judge?: ReturnType<typeof jwtAuthorizer>;
}

export interface HttpApisOptions extends DoorOptions {
  readonly functions: Functions;
  /** Twelve digits. */
  readonly account: string;
  readonly addressOf: IssuerReach["addressOf"];
}

export function httpApis(options: HttpApisOptions): HttpApis {
  const apis = new Map<string, Api>();
  const doors = new Map<string, Door>();
  const reach = { addressOf: options.addressOf, caPem: options.authority.caPem };
  const found = (id: string): Api => {
    const api = apis.get(id);
    if (api) return api;
    throw new RangeError(`there is no HTTP API ${id}`);
  };
  return {
    async create(region, name) {
      const id = idOf(region, name);
      const host = `${id}.execute-api.${region}.amazonaws.com`;
      if (!apis.has(id)) {
        const api: Api = { region, host, routes: new Map() };
        apis.set(id, api);
        doors.set(id, await openDoor(host, region, options, answering(api, options)));
      }
      return { id, endpoint: `https://${host}` };
    },
    route(id, route) {
      const { authorizer } = route;
      const judge = authorizer && jwtAuthorizer(authorizer, reach);
      found(id).routes.set(route.routeKey, { ...route, ...(judge && { judge }) });
    },
    unroute: (id, routeKey) => void apis.get(id)?.routes.delete(routeKey),
    remove(id) {
      doors.get(id)?.close();
      for (const book of [apis, doors]) book.delete(id);
    },
    stage(id, { burst, perSecond }) {
      found(id).tokens = new Tokens(burst, perSecond, Date.now);
    },
    endpointOf(region, name) {
      const api = apis.get(idOf(region, name));
      return api && `https://${api.host}`;
    },
    close() {
      for (const door of doors.values()) door.close();
    },
  };
}

/** Ten characters, as AWS's ids have. */
const idOf = (region: string, name: string): string =>
  BigInt(`0x${createHash("sha256").update(`${region}/${name}`).digest("hex").slice(0, 16)}`)
    .toString(36)
    .padStart(10, "a")
    .slice(0, 10);

/** What a function's policy goes by: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function sourceOf({ host, region }: Api, account: string, routeKey: string): string {
  const [method, path = ""] = routeKey.split(" ");
  return `arn:aws:execute-api:${region}:${account}:${host.split(".")[0]}/$default/${method}${path}`;
}

/** A caller hears as little of a function that API Gateway may not invoke as of one that fails. */
function refused(cause: unknown): InvokeOutcome {
  if (!(cause instanceof AwsError && cause.code === "AccessDeniedException")) throw cause;
  return { kind: "failed", error: { errorType: cause.code, errorMessage: cause.message } };
}

const answering =
  (api: Api, options: Pick<HttpApisOptions, "functions" | "account">) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const event = requestEvent(request);
    const found = foundFor(api, event);
    if (!found || !api.tokens) return refuse(response, 404, "Not Found");
    if (!api.tokens.take()) return refuse(response, 429, "Too Many Requests");
    const { route, pathParameters } = found;
    const judged = await route.judge?.(request.headers.authorization, route.scopes);
    if (judged && judged.let !== "in") return turnAway(response, judged);
    const body = await bodyOf(request);
    if (body === undefined) return refuse(response, 413, "Request Entity Too Large");
    const payload = JSON.stringify({
      ...{ ...event, ...body, routeKey: route.routeKey, pathParameters },
      requestContext: { ...event.requestContext, ...contextOf(api, route, judged) },
    });
    const source = sourceOf(api, options.account, route.routeKey);
    const target = { region: api.region, name: route.functionName, payload, source };
    const outcome = await options.functions.invoke(target).catch(refused);
    passOn(outcome, response, FAILED);
  };

function foundFor({ routes }: Api, { rawPath, requestContext }: ReturnType<typeof requestEvent>) {
  const matched = matchRoute([...routes.keys()], requestContext.http.method, rawPath);
  const route = matched && routes.get(matched.routeKey);
  return route && { route, pathParameters: matched.pathParameters };
}

const contextOf = ({ host }: Api, { routeKey, scopes }: Route, judged: Judged | undefined) => ({
  ...{ apiId: host.split(".")[0], domainName: host, routeKey, stage: "$default" },
  ...(judged?.let === "in" && {
    authorizer: { jwt: { claims: judged.claims, scopes: scopes ?? null } },
  }),
});

const JSON_TYPE = { "content-type": "application/json" } as const;
const FAILED = {
  ...{ status: 500, headers: JSON_TYPE },
  body: '{"message":"Internal Server Error"}',
} as const;

function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify({ message }));
}

function turnAway(response: ServerResponse, judged: Exclude<Judged, { let: "in" }>): void {
  if (judged.let === "not-for-this") {
    refuse(response, 403, "Forbidden");
    return;
  }
  const description = judged.because.replaceAll(/["\\\p{C}]/gu, " ");
  const why = ` error="invalid_token" error_description="${description}"`;
  const challenge = judged.because === "no token" ? "Bearer" : `Bearer${why}`;
  refuse(response, 401, "Unauthorized", { "www-authenticate": challenge });
}
