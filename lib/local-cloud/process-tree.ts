import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * Signals a process, its group and everything it started. PostgreSQL's backends are sessions of their own:
 * a signal to the postmaster's group alone would leave them working.
 */
export const signalTree = (leader: number, signal: NodeJS.Signals): void =>
  signalTrees([leader], signal);

/** Many at once: all processes are listed once, not once for each. */
export function signalTrees(leaders: readonly number[], signal: NodeJS.Signals): void {
  // A stopped leader starts no new child between the listing and the signal.
  if (signal === "SIGKILL") for (const leader of leaders) send(leader, "SIGSTOP");
  const descendants = treesOf(leaders);
  for (const leader of leaders) send(leader, signal);
  for (const leader of leaders) send(-leader, signal);
  for (const pid of descendants) send(pid, signal);
}

/** Whether the process exists; one that has ended and waits to be reaped does not count. */
export function isAlive(pid: number): boolean {
  if (process.platform !== "linux") return send(pid, 0);
  const state = statOf(String(pid))?.state;
  return state !== undefined && state !== "Z" && state !== "X";
}

/** Whether none of its threads runs: a signal that stops them reaches one after the other. */
export function isStopped(pid: number): boolean {
  if (process.platform !== "linux") return true;
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.every((thread) => statOf(`${pid}/task/${thread}`)?.state === "T");
  } catch {
    return false;
  }
}

/** Process ids of all descendants, nearest first. */
export const descendantsOf = (leader: number): number[] => treesOf([leader]);

/** Of several, from one listing. */
export function treesOf(leaders: readonly number[]): number[] {
  const childrenOf = Map.groupBy(processes(), ({ parent }) => parent);
  const found: number[] = [];
  const open = [...leaders];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const children = (childrenOf.get(next) ?? []).map(({ pid }) => pid);
    found.push(...children);
    open.push(...children);
  }
  return found;
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function processes(): { pid: number; parent: number }[] {
  if (process.platform !== "linux") return processesFromPs();
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(name) ?? []);
}

/** The name, in parentheses, may itself hold spaces and parentheses: fields are counted from its end. */
function statOf(pid: string): { pid: number; parent: number; state: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state = "", parent] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { pid: Number(pid), parent: Number(parent), state };
  } catch {
    return undefined;
  }
}

function processesFromPs(): { pid: number; parent: number }[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return pid && parent !== undefined ? [{ pid, parent }] : [];
  });
}
