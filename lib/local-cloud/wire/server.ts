import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EventLog } from "../event-log.ts";
import { perform, type Seen } from "./call.ts";
import { type CredentialScope, scopeOf } from "./credential.ts";
import { failureOf } from "./failure.ts";
import type { ServiceModel } from "./model.ts";
import { Registry, speakerFor } from "./registry.ts";
import { addressOf, wireRequest } from "./request.ts";
import { send } from "./send.ts";
import type { CallContext, RequestHead, ServiceDefinition } from "./service.ts";
import type { Answer } from "./speaker.ts";
import { summaryOf } from "./summary.ts";

/** A path that is not AWS's: a custom resource's ResponseURL, a health page. Tried before the services. */
export interface RawRoute {
  match(request: IncomingMessage): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface WireServerOptions {
  readonly log: EventLog;
  /** Requests to a region that is cut off hang until the client gives up or the server closes. */
  readonly isCutOff?: (region: string) => boolean;
  /** Likewise for one service there. */
  readonly isSilent?: (service: string, region: string) => boolean;
  readonly routes?: readonly RawRoute[];
}

/** AWS's global endpoints sign for this region. */
const DEFAULT_REGION = "us-east-1";
/** Longer than any SDK keeps an idle connection, so that none is closed under a request. */
const KEEP_ALIVE_MS = 120_000;

/** One HTTP endpoint that answers for every region and service, as `AWS_ENDPOINT_URL` needs it. */
export class WireServer {
  readonly #options: WireServerOptions;
  readonly #registry = new Registry();
  readonly #server: Server;
  #requests = 0;

  constructor(options: WireServerOptions) {
    this.#options = options;
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 });
    this.#server.on("request", (request, response) => {
      this.#serve(request, response).catch((cause) => response.destroy(cause));
    });
  }

  /** Throws TypeError or RangeError when the definition does not fit its client. */
  add(service: ServiceDefinition): void {
    this.#registry.add(service);
  }

  /** Resolves with the endpoint's URL; rejects in one line when the port is taken. Port 0 picks a free one. */
  async listen(address: string, port: number): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once("error", reject);
    this.#server.listen(port, address, resolve);
    await promise.catch((cause: NodeJS.ErrnoException) => {
      throw new Error(unusable(`${address}:${port}`, cause.code), { cause });
    });
    this.#server.off("error", reject);
    const bound = this.#server.address() as AddressInfo;
    return `http://${bound.address}:${bound.port}`;
  }

  /** Ends every connection, the hanging ones too. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = this.#options.routes?.find((each) => each.match(message));
    if (route) return route.handle(message, response);
    const target = message.url ?? "/";
    const head: RequestHead = { method: message.method ?? "", target, headers: message.headers };
    const scope = scopeOf(head.headers, addressOf(target).query);
    const region = scope?.region ?? DEFAULT_REGION;
    if (this.#isCutOff(region)) return;
    const id = `local-${++this.#requests}`;
    const service = this.#registry.find(head, scope);
    if (service && this.#options.isSilent?.(service.definition.name, region)) return;
    const answer = service
      ? await this.#call(message, head, service, contextOf(id, head, scope))
      : this.#strange(head, scope);
    // A region may be lost while it works on an answer: then the answer is lost too.
    if (this.#isCutOff(region)) return;
    await send(answer, id, message, response);
  }

  #isCutOff(region: string): boolean {
    return this.#options.isCutOff?.(region) ?? false;
  }

  async #call(
    message: IncomingMessage,
    head: RequestHead,
    service: ServiceModel,
    context: CallContext,
  ): Promise<Answer> {
    const { definition } = service;
    const speaker = speakerFor(head, service);
    const startedAt = Date.now();
    const seen: Seen = { operation: "Unknown", input: {} };
    try {
      const address = addressOf(head.target);
      const placement = definition.admit?.(head) ?? { path: address.path, labels: {} };
      const request = wireRequest(context.requestId, message, address, placement);
      const answer = await perform(request, service, speaker, context, seen);
      this.#record(service, context, seen, startedAt, { ok: true });
      return answer;
    } catch (thrown) {
      const failure = failureOf(thrown, service);
      const { code, message: why } = failure;
      this.#record(service, context, seen, startedAt, { error: code, message: why });
      return speaker.fail(failure, service, context.requestId);
    }
  }

  #record(
    service: ServiceModel,
    { region, trace }: CallContext,
    { operation, input }: Seen,
    startedAt: number,
    outcome: Readonly<Record<string, unknown>>,
  ): void {
    this.#options.log.record({
      service: service.definition.name,
      operation,
      region,
      ...(trace !== undefined && { trace }),
      detail: { ...outcome, ...summaryOf(input), tookMs: Date.now() - startedAt },
    });
  }

  #strange(head: RequestHead, scope: CredentialScope | undefined): Answer {
    const asked = scope?.service ?? `${head.method} ${head.target.split("?")[0]}`;
    const message = `the local cloud has no service '${asked}'`;
    this.#options.log.record({
      service: scope?.service ?? "unknown",
      operation: String(head.headers["x-amz-target"] ?? "Unknown"),
      region: scope?.region ?? DEFAULT_REGION,
      detail: { error: "UnknownService", message },
    });
    return {
      status: 501,
      headers: { "content-type": "application/json", "x-amzn-errortype": "UnknownService" },
      body: JSON.stringify({ __type: "UnknownService", message }),
    };
  }
}

function contextOf(
  requestId: string,
  { headers, target }: RequestHead,
  scope: CredentialScope | undefined,
): CallContext {
  const trace = headers["x-amzn-trace-id"];
  const token =
    headers["x-amz-security-token"] ?? addressOf(target).query.get("X-Amz-Security-Token");
  return {
    region: scope?.region ?? DEFAULT_REGION,
    requestId,
    ...(trace !== undefined && { trace: String(trace) }),
    ...(scope && { accessKey: scope.accessKey }),
    ...(token && { sessionToken: String(token) }),
  };
}

const unusable = (place: string, code: string | undefined): string =>
  `the AWS endpoint cannot listen on ${place}: ${
    code === "EADDRINUSE" ? "something else listens there; choose another port" : code
  }`;
