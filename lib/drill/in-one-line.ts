import { UserError } from "../cli/user-error.ts";

/** What only a mistake in this program throws: those keep their stack. */
const DEFECTS = [TypeError, RangeError, ReferenceError, SyntaxError];

/**
 * Does the work. A failure that input or machine are to blame for (a foreign cdk.out, a taken port, a
 * server that does not start) becomes a UserError with its message, exit 2.
 */
export async function inOneLine<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const isPlain = cause instanceof Error && !(cause instanceof UserError);
    if (!isPlain || DEFECTS.some((kind) => cause instanceof kind)) throw cause;
    throw new UserError(cause.message, 2, { cause });
  }
}
