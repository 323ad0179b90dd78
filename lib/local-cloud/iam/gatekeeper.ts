import type { EventLog } from "../event-log.ts";
import { AwsError, type CallContext, type ServiceDefinition } from "../wire/service.ts";
import type { PolicyBook } from "./book.ts";
import type { Context } from "./conditions.ts";
import { denial } from "./denial.ts";
import { type Ask, evaluate, type Verdict } from "./evaluate.ts";
import { type Caller, nameOf } from "./principals.ts";
import { asksOf } from "./requests/all.ts";
import type { Facts } from "./requests/row.ts";
import { listingOf } from "./requests/s3.ts";
import type { Sessions } from "./sessions.ts";

export interface GatekeeperOptions {
  readonly log: EventLog;
  /** Twelve digits: whose things are that a request names without an ARN. */
  readonly account: string;
  readonly book: PolicyBook;
  readonly sessions: Sessions;
  readonly facts: Facts;
}

/** Where a request came from and what it belongs to. */
export interface Circumstances {
  readonly region: string;
  /** Signing name of the service that is asked. */
  readonly service: string;
  readonly trace?: string;
  /** Beside what is known of every request. */
  readonly context?: Context;
}

/** What S3 says of an object that is not there. */
const MISSING = ["NoSuchKey", "NotFound", "NoSuchVersion"];
/** Of these operations, to whoever may list the bucket; others hear that access is denied. */
const READS = ["GetObject", "HeadObject"];

/**
 * Judges what whoever has taken a role on asks of the services, by the policies of the templates. Nobody else is
 * judged: who signs with the cloud's own key is its administrator.
 */
export class Gatekeeper {
  readonly #options: GatekeeperOptions;

  constructor(options: GatekeeperOptions) {
    this.#options = options;
  }

  /** The service as it answers callers of the wire. */
  around(definition: ServiceDefinition): ServiceDefinition {
    const { name: service } = definition;
    const operations = Object.entries(definition.operations).map(([operation, run]) => [
      operation,
      async (input: unknown, context: CallContext) => {
        const caller = this.#callerOf(context, service);
        if (!caller) return run(input, context);
        const { region, trace } = context;
        const at = { region, service, ...(trace !== undefined && { trace }) };
        this.admit(caller, operation, input, at);
        return run(input, context).catch((cause: unknown) => {
          throw this.#asTold(cause, caller, operation, input, at);
        });
      },
    ]);
    return { ...definition, operations: Object.fromEntries(operations) };
  }

  /** @throws AwsError as the service words it, if any of what is asked for is not allowed; it is in the log then */
  check(caller: Caller, asks: readonly Ask[], at: Circumstances): void {
    for (const ask of asks) {
      const verdict = this.judge(caller, ask, at);
      if (!verdict.allowed) this.#refuse(caller, ask, verdict.why, at);
    }
  }

  judge(caller: Caller, ask: Ask, { region, context = {} }: Circumstances): Verdict {
    const { book } = this.#options;
    const { policyOf, owner } = this.#placeOf(ask.resource);
    const account = caller.kind === "role" ? caller.account : undefined;
    const resource = policyOf === undefined ? undefined : book.resource(policyOf);
    const isTrust = ask.action === "sts:AssumeRole";
    const trust = isTrust ? (book.role(ask.resource)?.trust ?? []) : undefined;
    return evaluate({
      ...{ caller, ask },
      identity: caller.kind === "role" ? (book.role(caller.role)?.statements ?? []) : [],
      resource: trust ?? resource,
      isForeign: account !== undefined && owner !== undefined && owner !== account,
      resourceRules: isTrust || (ask.action.startsWith("kms:") && resource !== undefined),
      context: { ...this.#known(caller, ask, region), ...context, ...ask.context },
    });
  }

  /** As `check`, for an operation of the service that is asked. */
  admit(caller: Caller, operation: string, input: unknown, at: Circumstances): void {
    const { account, facts } = this.#options;
    const { service, region } = at;
    const asks = asksOf(service, operation, input, { account, facts, region });
    if (!asks) {
      const why = "because the local cloud does not know which permissions it needs";
      this.#refuse(caller, { action: `${service}:${operation}`, resource: "*" }, why, at);
    }
    this.check(caller, asks, at);
  }

  #refuse(caller: Caller, { action, resource }: Ask, why: string, at: Circumstances): never {
    const { region, service, trace } = at;
    this.#options.log.record({
      ...{ region, service: "iam", operation: "Denied" },
      ...(trace !== undefined && { trace }),
      detail: { caller: nameOf(caller), action, resource, why },
    });
    throw denial(service, { caller, action, resource, why });
  }

  /** S3 tells only whoever may list a bucket that something is not in it. */
  #asTold(cause: unknown, caller: Caller, operation: string, input: unknown, at: Circumstances) {
    const isMissing = cause instanceof AwsError && MISSING.includes(cause.code);
    if (!isMissing || at.service !== "s3" || !READS.includes(operation)) return cause;
    const ask = listingOf((input as { readonly Bucket: string }).Bucket);
    const verdict = this.judge(caller, ask, at);
    return verdict.allowed ? cause : denial("s3", { caller, ...ask, why: verdict.why });
  }

  /** Undefined: an administrator. @throws AwsError for a key without the token it was given with */
  #callerOf({ accessKey, sessionToken }: CallContext, service: string): Caller | undefined {
    const session = this.#options.sessions.of(accessKey);
    if (!session) return undefined;
    if (sessionToken !== session.sessionToken) {
      const code = service === "s3" ? "InvalidToken" : "InvalidClientTokenId";
      const message = "The security token included in the request is invalid.";
      throw new AwsError(code, message, service === "s3" ? 400 : 403);
    }
    return session.isAdministrator ? undefined : session.caller;
  }

  /** Whose policy counts, and whose account a resource is of; undefined: the caller's. */
  #placeOf(resource: string): { readonly policyOf?: string; readonly owner?: string } {
    if (!resource.startsWith("arn:")) return {};
    const [, , service = "", , account = "", ...rest] = resource.split(":");
    if (service === "s3") {
      const policyOf = resource.split("/")[0] ?? resource;
      const owner = this.#options.book.about(policyOf)?.account;
      return { policyOf, ...(owner !== undefined && { owner }) };
    }
    const isVersion = service === "lambda" && rest.length > 2;
    const policyOf = isVersion ? resource.split(":").slice(0, 7).join(":") : resource;
    return { policyOf, ...(account !== "" && { owner: account }) };
  }

  #known(caller: Caller, { action, resource }: Ask, region: string): Context {
    const isRole = caller.kind === "role";
    const isGlobal = action.startsWith("route53:") || action.startsWith("iam:");
    const tags = Object.entries(this.#options.facts.tagsOf(resource) ?? {});
    return {
      "aws:principalarn": isRole ? caller.role : undefined,
      "aws:principalaccount": isRole ? caller.account : undefined,
      "aws:principalisawsservice": String(caller.kind === "service"),
      "aws:requestedregion": isGlobal ? "us-east-1" : region,
      // Loopback stands for the connections that clients of AWS make.
      "aws:securetransport": "true",
      "s3:tlsversion": action.startsWith("s3:") ? "1.3" : undefined,
      ...Object.fromEntries(
        tags.map(([key, value]) => [`aws:resourcetag/${key.toLowerCase()}`, value]),
      ),
    };
  }
}
