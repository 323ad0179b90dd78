import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ClientConfig } from "pg";
import type { Guard } from "../guard.ts";
import { descendantsOf, isAlive, signalTree } from "../process-tree.ts";
import type { Binaries } from "./binaries.ts";
import { environment, lastLines, runAs } from "./run-as.ts";
import { removeSharedMemory } from "./shared-memory.ts";
import { ADMIN } from "./template.ts";

/** Smart waits for clients, fast ends them, immediate leaves recovery to the next start. */
export type StopMode = "smart" | "fast" | "immediate";

const STOP_SIGNALS = { smart: "SIGTERM", fast: "SIGINT", immediate: "SIGQUIT" } as const;
const LOOK_MS = 5;
const START_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 5000;

export interface ServerOptions {
  readonly binaries: Binaries;
  readonly guard: Pick<Guard, "ownGroup" | "disownGroup">;
  /** Configured data directory (`configure`). */
  readonly directory: string;
  readonly address: string;
  readonly port: number;
  readonly adminPassword: string;
  /** For messages: `acme-db in eu-central-1`. */
  readonly label: string;
}

/** One PostgreSQL server process with its data directory. */
export class PostgresServer {
  readonly #options: ServerOptions;
  #child: ChildProcess | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** True from a successful start until it ends in any way. A paused server runs. */
  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  get logFile(): string {
    return join(dirname(this.#options.directory), "postgresql.log");
  }

  /** How its superuser connects, past every gate. */
  get connection(): ClientConfig {
    const { address: host, port, adminPassword: password } = this.#options;
    return {
      host,
      port,
      user: ADMIN,
      password,
      database: "postgres",
      connectionTimeoutMillis: 5000,
    };
  }

  /**
   * Resolves when connections are accepted: on a standby, when it is consistent.
   *
   * @throws Error in one line plus the end of the server's log
   */
  async start(): Promise<void> {
    if (this.#child) return;
    const child = await this.#spawn();
    const end = Date.now() + START_WITHIN_MS;
    while (child.exitCode === null && child.signalCode === null) {
      if (await this.#accepts(child)) return;
      if (Date.now() > end) {
        await this.kill();
        return this.#notStarted(`did not accept connections within ${START_WITHIN_MS / 1000} s`);
      }
      await wait(LOOK_MS);
    }
    await this.#notStarted(`exit ${child.exitCode ?? child.signalCode}`);
  }

  /** A server that is not down by then (its standby does not take the last WAL) is stopped harder. */
  async stop(mode: StopMode = "fast", withinMs = STOP_WITHIN_MS): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.resume();
    const ended = exitOf(child);
    child.kill(STOP_SIGNALS[mode]);
    if (!(await within(ended, withinMs))) child.kill(STOP_SIGNALS.immediate);
    if (!(await within(ended, withinMs))) await this.kill();
    await ended;
  }

  /** SIGKILL for the postmaster and all its children: what a lost machine looks like to its clients. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    const ended = exitOf(child);
    const backends = descendantsOf(child.pid);
    signalTree(child.pid, "SIGKILL");
    await ended;
    while (backends.some(isAlive)) await wait(LOOK_MS);
    await removeSharedMemory(this.#options.directory);
  }

  /** SIGSTOP for all processes: connections are accepted by the system, nothing answers. */
  pause(): void {
    if (this.#child?.pid !== undefined) signalTree(this.#child.pid, "SIGSTOP");
  }

  resume(): void {
    if (this.#child?.pid !== undefined) signalTree(this.#child.pid, "SIGCONT");
  }

  async #spawn(): Promise<ChildProcess> {
    const { binaries, directory, guard } = this.#options;
    const log = openSync(this.logFile, "a", 0o600);
    const child = spawn(binaries.postgres, ["-D", directory], {
      cwd: "/",
      env: environment,
      detached: true,
      stdio: ["ignore", log, log],
      ...runAs,
    });
    closeSync(log);
    const { pid } = child;
    if (pid === undefined) {
      const [cause] = await new Promise<[Error]>((done) => child.once("error", (e) => done([e])));
      throw new Error(`PostgreSQL of ${this.#options.label}: ${cause.message}`, { cause });
    }
    // Asked first, so that it removes its shared memory.
    guard.ownGroup(pid, STOP_SIGNALS.immediate);
    this.#child = child;
    child.once("exit", () => {
      guard.disownGroup(pid);
      this.#child = undefined;
    });
    return child;
  }

  /** postmaster.pid says so, as pg_ctl reads it; one of an earlier process has another id in line 1. */
  async #accepts(child: ChildProcess): Promise<boolean> {
    const path = join(this.#options.directory, "postmaster.pid");
    const text = await readFile(path, "utf8").catch(() => "");
    const lines = text.split("\n");
    return Number(lines[0]) === child.pid && lines[7]?.trim() === "ready";
  }

  async #notStarted(why: string): Promise<never> {
    const { label, address, port } = this.#options;
    const log = await readFile(this.logFile, "utf8").catch(() => "");
    const where = `PostgreSQL of ${label} does not start on ${address}:${port}`;
    throw new Error(`${where} (${why})${lastLines(log)}`);
  }
}

const exitOf = (child: ChildProcess) =>
  new Promise<void>((done) => child.once("exit", () => done()));

/** Whether it happened in time. */
async function within(event: Promise<void>, atMostMs: number): Promise<boolean> {
  const late = new AbortController();
  const expired = wait(atMostMs, false, late).catch(() => false);
  const happened = await Promise.race([event.then(() => true), expired]);
  late.abort();
  return happened;
}
