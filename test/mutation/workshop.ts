import { type ChildProcess, fork } from "node:child_process";
import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Mutation, mutated, type Scenario } from "./mutation.ts";
import { broken, type Outcome, outcomeOf, type Report } from "./outcome.ts";
import type { Run } from "./runner.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RUNNER = fileURLToPath(new URL("runner.ts", import.meta.url));
/** All that a scenario imports, and what the runner reads to import it. */
const COPIED = [
  "functions",
  "lib",
  "test/fakes",
  "test/scenarios",
  "package.json",
  "tsconfig.json",
];
/** A run takes a second, some take ten; a mutation that never ends is ended. */
const RUN_LIMIT_MS = 60_000;
/** All scenarios one after the other, while the other workshop is busy. */
const WHOLE_LIMIT_MS = 560_000;

/** A private copy of the product in which rules are switched off, one at a time. */
export class Workshop {
  readonly #root: string;
  /** Paths whose content may be another one than the runner has read. */
  readonly #changed = new Set<string>();
  #runner: ChildProcess | undefined;

  private constructor(root: string) {
    this.#root = root;
  }

  static async open(): Promise<Workshop> {
    // Modules are known by their real paths.
    const root = await realpath(await mkdtemp(join(tmpdir(), "mutation-gate-")));
    const copies = COPIED.map((each) =>
      cp(join(ROOT, each), join(root, each), { recursive: true }),
    );
    await Promise.all([...copies, symlink(join(ROOT, "node_modules"), join(root, "node_modules"))]);
    return new Workshop(root);
  }

  /** Ends what still runs and removes the copy. */
  async close(): Promise<void> {
    await this.#end();
    await rm(this.#root, { recursive: true, force: true, maxRetries: 5 });
  }

  /** What becomes of the mutation's scenario without the rule. The rule is back afterwards. */
  async without(mutation: Mutation, limitMs = RUN_LIMIT_MS): Promise<Outcome> {
    const path = join(this.#root, mutation.file);
    const source = await readFile(path, "utf8");
    await writeFile(path, mutated(source, mutation));
    this.#changed.add(path);
    try {
      const { file, title } = mutation.scenario;
      const report = await this.#run([file], limitMs, `${literally(title)}$`);
      return typeof report === "string" ? broken(report) : outcomeOf(report, mutation.scenario);
    } finally {
      await writeFile(path, source);
      this.#changed.add(path);
    }
  }

  /** What becomes of scenarios with every rule in place. */
  async asItIs(scenarios: readonly Scenario[]): Promise<readonly Outcome[]> {
    const files = [...new Set(scenarios.map(({ file }) => file))];
    const report = await this.#run(files, WHOLE_LIMIT_MS);
    return scenarios.map((scenario) =>
      typeof report === "string" ? broken(report) : outcomeOf(report, scenario),
    );
  }

  /** A report, or why there is none. */
  async #run(files: readonly string[], limitMs: number, only?: string): Promise<Report | string> {
    this.#runner ??= start(this.#root);
    const run: Run = {
      files: files.map((file) => join(this.#root, `test/scenarios/${file}.test.ts`)),
      changed: [...this.#changed],
      ...(only !== undefined && { only }),
    };
    this.#changed.clear();
    const report = await answer(this.#runner, run, limitMs);
    if (typeof report === "string") await this.#end();
    return report;
  }

  /** The next run has a new one. */
  async #end(): Promise<void> {
    const runner = this.#runner;
    this.#runner = undefined;
    if (!runner || runner.exitCode !== null || runner.signalCode !== null) return;
    runner.kill("SIGKILL");
    await new Promise((done) => runner.once("close", done));
  }
}

const start = (root: string): ChildProcess =>
  fork(RUNNER, {
    cwd: root,
    env: { PATH: process.env["PATH"], NO_COLOR: "1" },
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });

/** What the runner makes of a run, or what it said instead. */
function answer(runner: ChildProcess, run: Run, limitMs: number): Promise<Report | string> {
  const { promise, resolve } = Promise.withResolvers<Report | string>();
  let said = "";
  const listen = (text: Buffer) => {
    said += text;
  };
  const gone = () => resolve(`no report: ${said}`);
  const timer = setTimeout(() => resolve(`ended after ${limitMs} ms: ${said}`), limitMs);
  const streams = [runner.stdout, runner.stderr];
  for (const stream of streams) stream?.on("data", listen);
  runner.once("message", resolve).once("close", gone);
  runner.send(run);
  return promise.finally(() => {
    clearTimeout(timer);
    for (const stream of streams) stream?.off("data", listen);
    runner.off("message", resolve).off("close", gone);
  });
}

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
