import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import type { GuardMessage } from "../guard.ts";
import { isAlive, signalTrees, treesOf } from "../process-tree.ts";

const ASKED_MS = 500;
const LOOK_MS = 10;
/** After this the directories are left to whoever still writes into them. */
const REMOVAL_MS = 1000;

const groups = new Map<number, NodeJS.Signals | undefined>();
const directories = new Set<string>();

// Whatever ends the run must not end its guard.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) {
  process.on(signal, () => {});
}

function hear(message: GuardMessage): void {
  if ("pid" in message) {
    if ("own" in message) groups.set(message.pid, message.askFirst);
    else groups.delete(message.pid);
    return;
  }
  if ("own" in message) directories.add(message.path);
  else directories.delete(message.path);
}

/** Leaders that tidy up when asked (PostgreSQL removes its shared memory) get the chance; then all are killed. */
async function endGroups(): Promise<void> {
  // Children are listed while their leader still lives: afterwards nothing tells whose they were.
  const leaders = [...groups.keys()];
  const trees = [...leaders, ...treesOf(leaders)];
  const [polite, others] = [leaders.filter(isAsked), leaders.filter((pid) => !isAsked(pid))];
  signalTrees(others, "SIGKILL");
  signalTrees(polite, "SIGCONT");
  for (const [pid, askFirst] of groups) if (askFirst !== undefined) ask(pid, askFirst);
  await until(() => !trees.some(isAlive), ASKED_MS);
  signalTrees(polite, "SIGKILL");
  for (const pid of trees.filter(isAlive)) ask(pid, "SIGKILL");
  await until(() => !trees.some(isAlive), ASKED_MS);
}

const isAsked = (pid: number): boolean => groups.get(pid) !== undefined;

function ask(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}

async function until(condition: () => boolean, atMostMs: number): Promise<void> {
  const end = Date.now() + atMostMs;
  while (!condition() && Date.now() < end) await wait(LOOK_MS);
}

async function removeDirectory(path: string): Promise<void> {
  const end = Date.now() + REMOVAL_MS;
  for (;;) {
    try {
      return await rm(path, { recursive: true, force: true });
    } catch {
      if (Date.now() > end) return;
      await wait(LOOK_MS);
    }
  }
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => hear(JSON.parse(line) as GuardMessage));
lines.once("close", () => {
  void endGroups()
    .then(() => Promise.all([...directories].map(removeDirectory)))
    .finally(() => process.exit(0));
});
process.stdout.on("error", () => {});
process.stdout.write("listening\n");
