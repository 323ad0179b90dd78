import { writeFileSync } from "node:fs";
import { makeDirectory } from "../operator/make-directory.ts";
import { UserError } from "./user-error.ts";

/** Writes what `--html` names. Throws UserError. */
export function writePage(path: string, page: string): void {
  attempt(path, () => writeFileSync(path, page));
}

/** Makes the directory that `--html` names, if need be. Throws UserError. */
export function pageDirectory(path: string): void {
  attempt(path, () => makeDirectory(path));
}

function attempt(path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = WHY[code ?? ""] ?? message;
    throw new UserError(`--html: cannot write '${path}': ${why}`, 2, { cause });
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "there is no such directory",
  ENOTDIR: "a part of it is no directory",
  EEXIST: "it is a file; name a directory",
  EISDIR: "it is a directory; name a file in it",
  EACCES: "it may not be written; choose another place",
  EROFS: "it lies on a read-only file system",
  ENOSPC: "the disk is full",
};
