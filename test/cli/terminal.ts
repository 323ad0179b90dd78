import { type ChildProcess, spawn } from "node:child_process";
import { vi } from "vitest";
import { descendantsOf } from "../../lib/local-cloud/process-tree.ts";
import type { Environment } from "./cdk.ts";

const CTRL_C = "\u0003";

/** A command line that a person types at a terminal and looks at: `script` gives it one of its own. */
export class Terminal {
  readonly #child: ChildProcess;
  /** What stands on the screen, but for returns. */
  screen = "";
  /** As a shell reports it. */
  readonly exitCode: Promise<number>;

  constructor(command: string, environment: Environment) {
    this.#child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      env: { ...process.env, ...environment, NO_COLOR: "1" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child.stdout?.on("data", (chunk) => {
      this.screen += String(chunk).replaceAll("\r", "");
    });
    this.exitCode = new Promise((done, fail) => {
      this.#child.once("error", fail);
      this.#child.once("close", (code) => done(code ?? -1));
    });
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** The key itself: the terminal sends the signal to all that run in it. */
  pressCtrlC(): void {
    this.type(CTRL_C);
  }

  /** Waits for what is written there; fails early when the command ends. */
  async until(written: RegExp, timeout = 120_000): Promise<void> {
    await vi.waitUntil(
      () => {
        if (written.test(this.screen)) return true;
        if (this.#child.exitCode === null) return false;
        throw new Error(`ended before ${written}:\n${this.screen}`);
      },
      { timeout, interval: 20 },
    );
  }

  async end(): Promise<void> {
    const { pid } = this.#child;
    const running = pid === undefined ? [] : [...descendantsOf(pid), pid];
    for (const each of this.#child.exitCode === null ? running : []) {
      try {
        process.kill(each, "SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
    }
    await this.exitCode;
  }
}
