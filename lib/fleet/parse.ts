import { readFileSync } from "node:fs";
import type { Fleet } from "../sla/fleet.ts";
import { type Inspection, inspectFleet } from "./inspect.ts";
import { FleetError } from "./problem.ts";

/** A fleet file's fleet. Throws FleetError with every mistake, unkeepable promises included. */
export const parseFleet = (input: string | Uint8Array, fileName: string): Fleet =>
  soundFleet(inspectFleet(input, fileName), fileName);

/** The same for a file; one that cannot be read is a FleetError too. */
export const readFleet = (path: string): Fleet => soundFleet(inspectFleetFile(path), path);

/** As `readFleet`, but what is wrong inside is returned: a fleet may be sound and promise too much. */
export const inspectFleetFile = (path: string): Inspection => inspectFleet(bytesOf(path), path);

function soundFleet({ fleet, problems }: Inspection, fileName: string): Fleet {
  if (!fleet || problems.length > 0) throw new FleetError(fileName, problems);
  return fleet;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist; start from examples/fleet.yaml",
  EISDIR: "is a directory: expected a file like fleet.yaml in it",
  EACCES: "may not be read by this user: check its permissions",
  ENOTDIR: "lies below something that is no directory",
};

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const message = REASONS[code] ?? `cannot be read: ${code || String(cause)}`;
    const problem = { line: 1, column: 1, path: "", message, kind: "input" } as const;
    throw new FleetError(path, [problem], { cause });
  }
}
