import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a directory and those above it that are lacking; one that is there is fine. Throws as `mkdirSync` does. Node's own
 * `recursive` never returns where a file system says that the parent is lacking though it is there, as `/proc` does.
 */
export function makeDirectory(path: string): void {
  try {
    makeOne(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const parent = dirname(path);
    if (code !== "ENOENT" || parent === path) throw cause;
    makeDirectory(parent);
    makeOne(path);
  }
}

function makeOne(path: string): void {
  try {
    mkdirSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "EEXIST" || !statSync(path).isDirectory()) throw cause;
  }
}
