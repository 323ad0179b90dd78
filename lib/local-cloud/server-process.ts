import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { Guard } from "./guard.ts";
import { environment, lastLines, runAs } from "./postgres/run-as.ts";
import { descendantsOf, isAlive, isStopped, signalTree } from "./process-tree.ts";

const LOOK_MS = 5;
const START_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 5000;

/** Smart waits for clients, fast ends them, immediate leaves recovery to the next start. */
export type StopMode = "smart" | "fast" | "immediate";

export interface ProcessOptions {
  /** For messages: `PostgreSQL of acme-db in eu-central-1`. */
  readonly label: string;
  /** `127.20.1.5:15432` */
  readonly at: string;
  readonly guard: Pick<Guard, "ownGroup" | "disownGroup">;
  readonly program: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly signals: Readonly<Record<StopMode, NodeJS.Signals>>;
  /** Whether this process takes connections now. */
  readonly accepts: (pid: number) => Promise<boolean>;
  /** What of a process that was killed has to be removed. */
  readonly cleanUp: () => Promise<void>;
}

/** A database server as a process of ours, started as often as one likes. */
export class ServerProcess {
  readonly #options: ProcessOptions;
  #child: ChildProcess | undefined;
  #isPaused = false;
  /** How many want it to be still. */
  #holds = 0;

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  /** True from a successful start until it ends in any way. A paused server runs. */
  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  get logFile(): string {
    return this.#options.logFile;
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
      if (child.pid !== undefined && (await this.#options.accepts(child.pid))) return;
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
    child.kill(this.#options.signals[mode]);
    if (!(await within(ended, withinMs))) child.kill(this.#options.signals.immediate);
    if (!(await within(ended, withinMs))) await this.kill();
    await ended;
  }

  /** SIGKILL for the server and all its children: what a lost machine looks like to its clients. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    const ended = exitOf(child);
    const backends = descendantsOf(child.pid);
    signalTree(child.pid, "SIGKILL");
    await ended;
    while (backends.some(isAlive)) await wait(LOOK_MS);
    await this.#options.cleanUp();
  }

  /** SIGSTOP for all processes: connections are accepted by the system, nothing answers. */
  pause(): void {
    this.#isPaused = true;
    if (this.#child?.pid !== undefined) signalTree(this.#child.pid, "SIGSTOP");
  }

  resume(): void {
    this.#isPaused = false;
    this.#goOn();
  }

  /**
   * Does something while no process of the server writes: its files are then what a lost machine would leave.
   *
   * @throws Error if it does not run, or ends meanwhile
   */
  async still<T>(work: () => Promise<T>): Promise<T> {
    const pid = this.#child?.pid;
    const ended = () => new Error(`${this.#options.label} does not run`);
    if (pid === undefined) throw ended();
    this.#holds += 1;
    try {
      signalTree(pid, "SIGSTOP");
      while (!isStopped(pid)) {
        if (this.#child?.pid !== pid) throw ended();
        await wait(1);
      }
      const done = await work();
      if (this.#child?.pid !== pid) throw ended();
      return done;
    } finally {
      this.#holds -= 1;
      if (!this.#isPaused) this.#goOn();
    }
  }

  #goOn(): void {
    const pid = this.#child?.pid;
    if (pid !== undefined && this.#holds === 0) signalTree(pid, "SIGCONT");
  }

  async #spawn(): Promise<ChildProcess> {
    const { label, guard, program, args, signals } = this.#options;
    const log = openSync(this.logFile, "a", 0o600);
    const child = spawn(program, args, {
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
      throw new Error(`${label}: ${cause.message}`, { cause });
    }
    // Asked first, so that it removes what it shares.
    guard.ownGroup(pid, signals.immediate);
    this.#child = child;
    this.#isPaused = false;
    child.once("exit", () => {
      guard.disownGroup(pid);
      this.#child = undefined;
    });
    return child;
  }

  async #notStarted(why: string): Promise<never> {
    const { label, at } = this.#options;
    const log = await readFile(this.logFile, "utf8").catch(() => "");
    throw new Error(`${label} does not start on ${at} (${why})${lastLines(log)}`);
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
