import { access, constants, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "./user-error.ts";

/** Makes a directory for one run's report. @throws UserError if it cannot be made or written to */
export async function reportDirectory(parent: string, name: string): Promise<string> {
  const directory = join(parent, name);
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
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
