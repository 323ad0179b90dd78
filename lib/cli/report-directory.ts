import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { makeDirectory } from "../operator/make-directory.ts";
import { UserError } from "./user-error.ts";

/**
 * Where one run's report goes; it is made with the report, so that a run that never gets so far leaves
 * none. @throws UserError if it could not be made
 */
export async function reportDirectory(parent: string, name: string): Promise<string> {
  const directory = join(parent, name);
  try {
    makeDirectory(parent);
    await access(parent, constants.W_OK);
    return directory;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError(
      `--out: cannot write to ${directory} (${code}); name a directory you may write to, like --out /tmp/drills`,
      2,
      { cause },
    );
  }
}

/** `2026-11-21T20-15-00`: sorts by time, and every file system takes it. */
export const stamp = (now: Date) => now.toISOString().slice(0, 19).replaceAll(":", "-");
