import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import type { Guard } from "../lambda/function.ts";
import { remedyFor } from "./programs.ts";

export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly logFile: string;
  readonly guard: Guard | undefined;
  readonly tell: (line: string) => void;
}

/** What a shell answers for a program it does not find. */
const NOT_FOUND = 127;

/** A container's command as a process group of its own. */
export class Container {
  readonly #child: ChildProcess;
  /** Resolves with the exit code when it and what it started are gone. */
  readonly exited: Promise<number>;
  /** Why it could not do its work, where that is known. */
  reason: string | undefined;
  #lastLine = "";

  constructor({ program, args, environment, directory, logFile, guard, tell }: Launch) {
    const child = spawn(program, args, {
      cwd: directory,
      env: environment,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    const { pid } = child;
    if (pid !== undefined) guard?.ownGroup(pid);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        this.#lastLine = line;
        appendFileSync(logFile, `${line}\n`);
        tell(line);
      });
    }
    child.once("error", ({ message }) => {
      this.reason = `CannotStartContainerError: ${message}`;
    });
    // A container's other processes go with its first.
    child.once("exit", () => this.#signal("SIGKILL"));
    this.exited = new Promise((done) => {
      child.once("close", (code, signal) => {
        if (pid !== undefined) guard?.disownGroup(pid);
        const exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
        if (exitCode === NOT_FOUND) this.reason ??= remedyFor(this.#lastLine);
        done(exitCode);
      });
    });
  }

  /** SIGTERM for all its processes, SIGKILL for those still there after a while. */
  async stop(withinMs: number): Promise<void> {
    this.#signal("SIGTERM");
    const isOver = new AbortController();
    const late = wait(withinMs, undefined, { signal: isOver.signal }).then(
      () => this.#signal("SIGKILL"),
      () => {},
    );
    await this.exited;
    isOver.abort();
    await late;
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // Nothing of it is left.
    }
  }
}
