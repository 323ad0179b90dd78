import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Guard } from "../../lib/local-cloud/guard.ts";
import { environment, lastLines, runAs } from "../../lib/local-cloud/postgres/run-as.ts";
import { descendantsOf, isAlive, signalTree } from "../../lib/local-cloud/process-tree.ts";

const LOOK_MS = 5;

/** A running program: a group of its own, its output in a file, removed by the guard if nobody else does it. */
export interface OwnedProcess {
  readonly pid: number;
  /** The end of what it wrote, to be put after a message. */
  lastWords(): Promise<string>;
}

/** Starts a program as whoever PostgreSQL runs as. Throws Error if it cannot be started at all. */
export async function startOwned(
  guard: Guard,
  logFile: string,
  program: string,
  args: readonly string[],
): Promise<OwnedProcess> {
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(program, args, {
    cwd: "/",
    env: environment,
    detached: true,
    stdio: ["ignore", log, log],
    ...runAs,
  });
  closeSync(log);
  if (child.pid === undefined) {
    const [cause] = await once(child, "error");
    throw new Error(`${program}: ${cause.message}`, { cause });
  }
  guard.ownGroup(child.pid);
  child.unref();
  return {
    pid: child.pid,
    lastWords: async () => lastLines(await readFile(logFile, "utf8").catch(() => "")),
  };
}

/** SIGKILL for the processes and all they started, at once; resolves when none is left. */
export async function killAll(guard: Guard, leaders: readonly number[]): Promise<void> {
  const doomed = leaders.flatMap((pid) => [pid, ...descendantsOf(pid)]);
  for (const pid of leaders) signalTree(pid, "SIGKILL");
  while (doomed.some(isAlive)) await pause(LOOK_MS);
  for (const pid of leaders) guard.disownGroup(pid);
}
