import { SlaError } from "../kernel/errors.ts";
import type { Sending } from "./notify.ts";

/** A mail that did not leave fails the invocation, so that it is invoked again; what was sent stays sent. */
export function delivered(sendings: readonly Sending[]): readonly Sending[] {
  const failed = sendings.flatMap((sending) => (sending.outcome === "failed" ? [sending] : []));
  if (failed.length === 0) return sendings;
  const who = failed.map(({ recipient, cause }) => `${recipient}: ${reasonOf(cause)}`).join("; ");
  throw new SlaError("MailsFailed", "cloud", `not sent to ${who}`);
}

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
