import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Guard, startGuard } from "../../../lib/local-cloud/guard.ts";
import { isAlive } from "../../../lib/local-cloud/process-tree.ts";

const RUN = fileURLToPath(new URL("./run.ts", import.meta.url));
const WITHIN = { timeout: 2000, interval: 10 };
const leftovers: ChildProcess[] = [];
const directories: string[] = [];
afterEach(async () => {
  for (const child of leftovers.splice(0)) child.kill("SIGKILL");
  await Promise.all(
    directories.splice(0).map((path) => rm(path, { recursive: true, force: true })),
  );
});

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), "guard-test-"));
  directories.push(path);
  writeFileSync(join(path, "data"), "x");
  return path;
}

/** A process that never ends by itself, in a group of its own. */
async function sleeper(program = "setInterval(() => {}, 1000)"): Promise<number> {
  const source = `${program}; console.log("up")`;
  const child = spawn(process.execPath, ["-e", source], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  leftovers.push(child);
  await once(child.stdout, "data");
  return child.pid ?? 0;
}

/** A whole run in a process of its own: guard, a sleeper with a grandchild, a directory. */
async function run(path: string): Promise<{ parent: ChildProcess; pids: number[] }> {
  const parent = spawn(process.execPath, [RUN, path], { stdio: ["ignore", "pipe", "inherit"] });
  leftovers.push(parent);
  const [line] = await once(createInterface({ input: parent.stdout }), "line");
  return { parent, pids: JSON.parse(String(line)) as number[] };
}

describe("guard", () => {
  it.for(["SIGKILL", "SIGTERM", "SIGINT"] as const)(
    "removes every process and directory within 2 s of the run's end by %s",
    async (signal) => {
      const path = directory();
      const { parent, pids } = await run(path);
      expect(pids).toHaveLength(3);
      expect(pids.every(isAlive)).toBe(true);
      parent.kill(signal);
      await vi.waitFor(() => {
        expect(pids.filter(isAlive)).toEqual([]);
        expect(existsSync(path)).toBe(false);
      }, WITHIN);
    },
  );

  it("removes processes that are stopped or that ignore the request to end", async () => {
    const guard = await startGuard();
    const stopped = await sleeper();
    const stubborn = await sleeper("process.on('SIGQUIT', () => {}); setInterval(() => {}, 1000)");
    process.kill(stopped, "SIGSTOP");
    guard.ownGroup(stopped);
    guard.ownGroup(stubborn, "SIGQUIT");
    await guard.close();
    expect([stopped, stubborn].filter(isAlive)).toEqual([]);
  });

  it("leaves alone what it was told to disown or keep", async () => {
    const guard: Guard = await startGuard();
    const [pid, path] = [await sleeper(), directory()];
    guard.ownGroup(pid);
    guard.ownDirectory(path);
    guard.disownGroup(pid);
    guard.keepDirectory(path);
    await guard.close();
    expect(isAlive(pid)).toBe(true);
    expect(existsSync(path)).toBe(true);
  });
});
