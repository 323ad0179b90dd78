import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { FunctionSpec, Guard } from "./function.ts";

const RUNTIME = fileURLToPath(new URL("../processes/lambda-runtime.ts", import.meta.url));

/** Long enough for a stack trace, short enough for a timeline. */
const LONGEST_LINE = 2000;

/** Starts the process of one environment in a process group of its own. */
export function launch(
  fn: FunctionSpec,
  env: Record<string, string>,
  guard: Guard | undefined,
  tell: (line: string) => void,
): ChildProcess {
  // Lambda leaves V8 about nine tenths of the memory a function is given.
  const heap = Math.max(32, Math.floor(fn.memoryMb * 0.9));
  const child = spawn(process.execPath, [`--max-old-space-size=${heap}`, RUNTIME], {
    cwd: fn.codeDirectory,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { pid } = child;
  if (pid !== undefined) {
    guard?.ownGroup(pid);
    child.once("close", () => guard?.disownGroup(pid));
  }
  for (const stream of [child.stdout, child.stderr]) tellLines(stream, tell);
  return child;
}

function tellLines(stream: Readable, tell: (line: string) => void): void {
  createInterface({ input: stream }).on("line", (line) =>
    tell(line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} …` : line),
  );
}
