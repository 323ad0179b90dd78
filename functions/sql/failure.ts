import { SlaError } from "../kernel/errors.ts";
import type { SqlFailure } from "./contract.ts";
import { ERRORS } from "./mysql/errors.ts";

type Kind = SqlFailure["kind"];

/** Beside ours: the limit of the session ended it. 58030 and the like stay refusals: somebody said so. */
const TIMED_OUT: ReadonlySet<string> = new Set([
  ...["AnswerTimedOut", "57014", ERRORS.tookTooLong, ERRORS.readTooLong],
]);
const UNREACHABLE =
  /^(ConnectTimedOut|ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL)$/;
/** What pg and mysql2 say when the other side hangs up without an errno. */
const HUNG_UP =
  /^(Connection terminated|Connection lost|read E|write E|socket hang up|Client has encountered|Can't add new command)/;
const LOST = "PROTOCOL_CONNECTION_LOST";
/** MariaDB and MySQL: ended by somebody, or by a server that stops. */
const ENDED: ReadonlySet<string> = new Set([
  ...[ERRORS.serverShutdown, ERRORS.normalShutdown, ERRORS.idleTooLong],
  ...[ERRORS.connectionKilled, ERRORS.sessionKilled],
]);

/** A failed attempt as the contract's kinds. What is neither silence nor absence was said by somebody. */
export function failureOf(cause: unknown): SqlFailure {
  const { code, message } = saidBy(cause);
  // Errors of ours come from fetching the login: the server has not been asked.
  const kind = cause instanceof SlaError ? "unasked" : kindOf(code, message);
  return { kind, message, ...(code !== undefined && { code }) };
}

/** Whether a session kept from earlier was dead already, so that a fresh one may do. */
export function isDeadSession(cause: unknown): boolean {
  const { code = "", message } = saidBy(cause);
  const isGone = /^(57P0[12]|ECONNRESET|EPIPE|ECONNABORTED)$/.test(code) || ENDED.has(code);
  return isGone || HUNG_UP.test(message);
}

/** Whether the server turned down the name or the password (class 28 of SQLSTATE; MariaDB and MySQL say a number). */
export function isBadLogin(cause: unknown): boolean {
  const { code = "" } = saidBy(cause);
  return code.startsWith("28") || code === ERRORS.accessDenied;
}

function kindOf(code: string | undefined, message: string): Kind {
  if (code !== undefined && TIMED_OUT.has(code)) return "timed-out";
  if (code !== undefined && UNREACHABLE.test(code)) return "unreachable";
  const hungUp = code === undefined || code === LOST;
  return hungUp && HUNG_UP.test(message) ? "unreachable" : "refused";
}

function saidBy(cause: unknown): { readonly code?: string; readonly message: string } {
  // Several addresses behind one name fail as an aggregate whose own message is empty.
  const error = cause instanceof AggregateError ? (cause.errors[0] ?? cause) : cause;
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { code?: unknown };
  return { message: error.message, ...(typeof code === "string" && { code }) };
}
