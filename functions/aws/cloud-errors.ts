import { SlaError } from "../kernel/errors.ts";

/** What of an SDK error decides; every field may be absent. */
interface Fault {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

type CloudCode = "CloudUnreachable" | "CloudThrottled" | "CloudRefused";

const THROTTLED = /^(Throttl|RequestLimitExceeded|TooManyRequests|SlowDown|RequestThrottled)/;
const REFUSED =
  /^(AccessDenied|Unauthorized|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|CredentialsProviderError|AuthFailure|InvalidAccessKeyId)/;
const UNREACHABLE =
  /^(TimeoutError|AbortError|NetworkingError|ETIMEDOUT|ECONN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_|EPIPE|ERR_TLS|CERT_|ServiceUnavailable|InternalError|InternalFailure|InternalServer)/;

/** Order matters: a 503 that says SlowDown is a throttle, not a lost region. */
const RULES: readonly (readonly [CloudCode, (fault: Fault) => boolean])[] = [
  ["CloudThrottled", (fault) => fault.$retryable?.throttling === true || is(fault, THROTTLED, 429)],
  ["CloudRefused", (fault) => is(fault, REFUSED, 401, 403)],
  ["CloudUnreachable", (fault) => is(fault, UNREACHABLE, 500, 502, 503, 504)],
];

const BLAME = {
  CloudThrottled: "cloud",
  CloudRefused: "operator",
  CloudUnreachable: "cloud",
} as const satisfies Record<CloudCode, "cloud" | "operator">;

/**
 * An SDK error as what it means to us: `CloudUnreachable` (no answer, or the service itself fails),
 * `CloudThrottled`, `CloudRefused` (credentials or permissions). Everything else comes back as it was.
 */
export function cloudError(cause: unknown, doing: string): unknown {
  const fault = faultOf(cause);
  const rule = fault && RULES.find(([, applies]) => applies(fault));
  if (!fault || !rule) return cause;
  const said = [fault.name ?? fault.code, fault.message].filter(Boolean).join(": ");
  return new SlaError(rule[0], BLAME[rule[0]], `${doing}: ${said}`, { cause });
}

/** Awaits a call and rejects with what its error means; `doing` names the call and its place. */
export async function answered<T>(doing: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw cloudError(cause, doing);
  }
}

/** The name (modelled or wire code) of an SDK error. */
export const errorName = (cause: unknown): string | undefined => faultOf(cause)?.name;

function faultOf(cause: unknown): Fault | undefined {
  return cause instanceof Error && !(cause instanceof SlaError) ? (cause as Fault) : undefined;
}

function is(fault: Fault, names: RegExp, ...statuses: readonly number[]): boolean {
  return (
    names.test(fault.name ?? "") ||
    names.test(fault.code ?? "") ||
    statuses.includes(fault.$metadata?.httpStatusCode ?? 0)
  );
}

/** Undefined where the one answer is that there is none. */
export async function thereOrNot<T>(
  doing: string,
  call: Promise<T>,
  notFound: string,
): Promise<T | undefined> {
  try {
    return await answered(doing, call);
  } catch (cause) {
    if (errorName(cause) === notFound) return undefined;
    throw cause;
  }
}
