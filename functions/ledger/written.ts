import { SlaError } from "../kernel/errors.ts";
import type { Ledger } from "./ledger.ts";

const ATTEMPTS = 5;

/**
 * Writes what `next` makes of the current value. Undefined from `next` leaves it; another writer in
 * between means reading again. Answers what is there afterwards.
 */
export async function rewrite<T>(
  ledger: Ledger,
  key: string,
  next: (current: T | undefined) => T | undefined,
): Promise<T | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const entry = await ledger.read<T>(key);
    const value = next(entry?.value);
    if (value === undefined) return entry?.value;
    const done = entry
      ? await ledger.replace(key, value, entry.tag)
      : await ledger.create(key, value);
    if (done) return value;
  }
  throw new SlaError(
    "CloudThrottled",
    "cloud",
    `${key}: overtaken by other writers ${ATTEMPTS} times`,
  );
}
