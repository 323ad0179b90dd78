import type { Measured } from "../../functions/failover/measure.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { Ledger } from "../../functions/ledger/ledger.ts";
import { haltRecord } from "./halt-lines.ts";

/** How an execution ended, as `--json` prints it. */
export type Ending = Done | Halted;

interface Done {
  readonly outcome: "done";
  /** Of a failover: seconds are real ones, `goodAt` is ISO 8601: first good answer through the new records. */
  readonly measured?: Measured;
  readonly goodAt?: string;
}

interface Halted {
  readonly outcome: "halted";
  /** Absent: it ended without a record. */
  readonly halt?: Halt;
}

export interface Halt {
  readonly code: string;
  readonly message: string;
  readonly next: { readonly why: string; readonly command: string };
}

/** What a failover or recovery left in its folder of the ledger. */
export async function endingOf(
  ledger: Ledger,
  instance: string,
  folder: string,
  succeeded: boolean,
): Promise<Ending> {
  if (succeeded) {
    const key = keys.failover(instance, folder, "record");
    const record = (await ledger.read<Required<Done>>(key))?.value;
    if (!record) return { outcome: "done" };
    const { measured, goodAt } = record;
    return { outcome: "done", measured, goodAt };
  }
  const found = await haltRecord(ledger, instance, folder);
  if (!found) return { outcome: "halted" };
  const { code, message, next } = found;
  return { outcome: "halted", halt: { code, message, next } };
}
