import { SlaError } from "../kernel/errors.ts";
import type { Sending } from "./notify.ts";

/** A mail that did not leave fails the invocation, so that it is invoked again; what was sent stays sent. */
export function delivered(sendings: readonly Sending[]): readonly Sending[] {
  const failed = failuresIn(sendings);
  if (failed === undefined) return sendings;
  throw new SlaError("MailsFailed", "cloud", failed);
}

/** Of what the ledger keeps until it has left: the log says what did not, and nobody repeats it but the next round. */
export function attempted(sendings: readonly Sending[]): readonly Sending[] {
  const failed = failuresIn(sendings);
  if (failed !== undefined) {
    console.warn(JSON.stringify({ level: "warn", code: "MailsFailed", message: failed }));
  }
  return sendings;
}

function failuresIn(sendings: readonly Sending[]): string | undefined {
  const failed = sendings.flatMap((sending) => (sending.outcome === "failed" ? [sending] : []));
  if (failed.length === 0) return undefined;
  return `not sent to ${failed.map(({ recipient, cause }) => `${recipient}: ${reasonOf(cause)}`).join("; ")}`;
}

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
