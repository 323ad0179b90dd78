import { chmod, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../cli/user-error.ts";

/** Makes the directory that holds everything of one run. Throws UserError if `parent` cannot be written to. */
export async function runDirectory(parent: string): Promise<string> {
  try {
    const directory = await mkdtemp(join(parent, "hosting-sla-"));
    // PostgreSQL never runs as root: its own user has to get through to its data.
    await chmod(directory, 0o711);
    return directory;
  } catch (cause) {
    throw unwritable(parent, cause);
  }
}

export function unwritable(parent: string, cause: unknown): UserError {
  const { code } = cause as NodeJS.ErrnoException;
  return new UserError(
    `TMPDIR: cannot make a directory in ${parent} (${code}); name one you may write to, like TMPDIR=/tmp`,
    2,
    { cause },
  );
}
