import { keys } from "../../functions/ledger/contract.ts";
import type { Ledger } from "../../functions/ledger/ledger.ts";

export interface HaltRecord {
  readonly code: string;
  readonly message: string;
  readonly loss: string;
  readonly fence: readonly string[];
  readonly next: { readonly why: string; readonly command: string };
}

export const haltRecord = async (ledger: Ledger, instance: string, failover: string) =>
  (await ledger.read<HaltRecord>(keys.failover(instance, failover, "halted")))?.value;

/** The last word of a failover or recovery that halted, as in its mail. */
export async function haltLines(
  ledger: Ledger,
  instance: string,
  failover: string,
): Promise<readonly string[]> {
  const found = await haltRecord(ledger, instance, failover);
  if (!found) return [`it ended without a record: look at ${failover} in Step Functions`];
  const { code, message, loss, fence, next } = found;
  return [`halted: ${code}: ${message}`, ...fence, loss, next.why, `  ${next.command}`];
}

/** The folder of a failover in the ledger: of the one it goes on with, if it does. */
export const folderOf = (execution: string, continues: string | undefined): string =>
  continues ?? execution.slice(execution.lastIndexOf(":") + 1);
