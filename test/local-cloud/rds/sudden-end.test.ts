import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isAlive } from "../../../lib/local-cloud/process-tree.ts";

const RUN = fileURLToPath(new URL("./run.ts", import.meta.url));
let parent: ChildProcess | undefined;
afterEach(() => parent?.kill("SIGKILL"));

interface Belongings {
  readonly pids: number[];
  readonly directory: string;
  readonly sharedMemoryKey: string;
  readonly address: string;
}

async function run(state: string): Promise<Belongings> {
  parent = spawn(process.execPath, [RUN, state], { stdio: ["ignore", "pipe", "inherit"] });
  if (!parent.stdout) throw new Error("no standard output");
  const [line] = await once(createInterface({ input: parent.stdout }), "line");
  return JSON.parse(String(line)) as Belongings;
}

const refuses = (host: string, port: number) =>
  new Promise<boolean>((done) => {
    const socket = connect({ host, port });
    socket.once("connect", () => done(false)).once("error", () => done(true));
    socket.once("connect", () => socket.destroy());
  });

describe("a run that is killed", () => {
  it.for(["running", "paused"])(
    "leaves nothing of a %s server within 2 s: no process, port, directory or shared memory",
    async (state) => {
      const { pids, directory, sharedMemoryKey, address } = await run(state);
      expect(pids.length).toBeGreaterThan(5);
      expect(pids.filter(isAlive).length).toBeGreaterThan(5);
      parent?.kill("SIGKILL");
      await vi.waitFor(
        async () => {
          expect(pids.filter(isAlive)).toEqual([]);
          expect(existsSync(directory)).toBe(false);
          const ports = [5432, 15_432].map((port) => refuses(address, port));
          expect(await Promise.all(ports)).toEqual([true, true]);
        },
        { timeout: 2000, interval: 20 },
      );
      if (process.platform !== "linux") return;
      const keys = readFileSync("/proc/sysvipc/shm", "utf8").split("\n");
      expect(keys.map((line) => line.trim().split(/\s+/)[0])).not.toContain(sharedMemoryKey);
    },
  );
});
