import { SlaError } from "../kernel/errors.ts";

/** An address that hears nothing until somebody clicks in the mail that SNS sent it. */
export interface Unconfirmed {
  readonly region: string;
  readonly topic: string;
  readonly address: string;
}

/** Throws `Unconfirmed`, which an alarm looks for: who would be told by mail may be the one who does not get any. */
export function allConfirmed(pending: readonly Unconfirmed[]): { readonly unconfirmed: 0 } {
  if (pending.length === 0) return { unconfirmed: 0 };
  const who = pending.map(({ address, topic }) => `${address} (${topic})`).join(", ");
  throw new SlaError("Unconfirmed", "operator", `not confirmed, so not told anything: ${who}`);
}
