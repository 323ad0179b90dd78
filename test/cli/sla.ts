import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { vi } from "vitest";
import { descendantsOf, isAlive } from "../../lib/local-cloud/process-tree.ts";

const PROGRAM = resolve("bin/sla.js");
export const HARBOUR = resolve("test/fixtures/harbour-fleet.yaml");

/** The command line as a process of its own, with a temporary directory nobody else uses. */
export class Sla {
  readonly temporary: string;
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  /** As a shell reports it: a signal is 128 and its number. */
  readonly exitCode: Promise<number>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.temporary = mkdtempSync(join(tmpdir(), "sla-process-"));
    // PostgreSQL runs as somebody else when we are root, and has to get through.
    chmodSync(this.temporary, 0o711);
    this.child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { ...process.env, TMPDIR: this.temporary, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // As a terminal starts it: Ctrl-C is a signal to the whole group.
      detached: true,
    });
    this.child.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
    });
    this.child.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    this.exitCode = new Promise((done) => {
      this.child.once("close", (code, signal) =>
        done(signal ? 128 + constants.signals[signal] : (code ?? -1)),
      );
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Waits for a condition, however the machine is loaded; fails early when the process ends. */
  async until<T>(what: string, look: () => T | undefined | false, timeout = 90_000): Promise<T> {
    return vi.waitUntil(
      () => {
        const found = look();
        if (found) return found;
        if (this.child.exitCode === null && this.child.signalCode === null) return false;
        throw new Error(`ended before ${what}:\n${this.stdout}${this.stderr}`);
      },
      { timeout, interval: 20 },
    );
  }

  /** Every process of the run: what descends from it, and what works in its temporary directory. */
  processes(): number[] {
    const here = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && this.#works(name));
    return [...new Set([this.pid, ...descendantsOf(this.pid), ...here.map(Number)])];
  }

  /** What the run has made on disk; the database template is kept for later runs on purpose. */
  directories(): string[] {
    return readdirSync(this.temporary).filter(
      (name) => name !== `hosting-sla-${process.getuid?.()}`,
    );
  }

  /** Everything of the run that is still there. */
  remains(known: readonly number[]): { processes: number[]; directories: string[] } {
    const processes = [...new Set([...known, ...this.processes()])].filter(isAlive);
    return { processes, directories: this.directories() };
  }

  /** Ctrl-C. */
  interrupt(): void {
    process.kill(-this.pid, "SIGINT");
  }

  async end(): Promise<void> {
    const known = this.processes();
    this.child.kill("SIGKILL");
    await this.exitCode;
    await vi.waitUntil(() => this.remains(known).processes.length === 0, { timeout: 10_000 });
    rmSync(this.temporary, { recursive: true, force: true });
  }

  #works(pid: string): boolean {
    try {
      return ["cmdline", "environ"].some((file) =>
        readFileSync(`/proc/${pid}/${file}`, "latin1").includes(this.temporary),
      );
    } catch {
      return false;
    }
  }
}

/** Runs to the end. */
export const sla = (...args: readonly string[]) => slaIn({}, ...args);

/** The same with more of an environment. */
export async function slaIn(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const run = new Sla(args, env);
  try {
    const exitCode = await run.exitCode;
    const left = run.remains([]);
    return { exitCode, stdout: run.stdout, stderr: run.stderr, left };
  } finally {
    await run.end();
  }
}

/** Addresses of 127.`block`.0.0/16 on which somebody listens. */
export function listeningIn(block: number): string[] {
  const listening = "0A";
  return readFileSync("/proc/net/tcp", "latin1")
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state === listening)
    .map(([, local = ""]) => local)
    .filter((local) => parseInt(local.slice(4, 6), 16) === block && local.slice(6, 8) === "7F");
}
