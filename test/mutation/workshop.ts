import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Mutation, mutated, type Scenario } from "./mutation.ts";
import { broken, type Outcome, outcomeOf, type Report } from "./outcome.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const VITEST = join(ROOT, "node_modules/vitest/vitest.mjs");
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
  readonly #closing = new AbortController();

  private constructor(root: string) {
    this.#root = root;
  }

  static async open(): Promise<Workshop> {
    const root = await mkdtemp(join(tmpdir(), "mutation-gate-"));
    const copies = COPIED.map((each) =>
      cp(join(ROOT, each), join(root, each), { recursive: true }),
    );
    await Promise.all([...copies, symlink(join(ROOT, "node_modules"), join(root, "node_modules"))]);
    return new Workshop(root);
  }

  /** Ends what still runs and removes the copy. */
  async close(): Promise<void> {
    this.#closing.abort();
    await rm(this.#root, { recursive: true, force: true, maxRetries: 5 });
  }

  /** What becomes of the mutation's scenario without the rule. The rule is back afterwards. */
  async without(mutation: Mutation, limitMs = RUN_LIMIT_MS): Promise<Outcome> {
    const path = join(this.#root, mutation.file);
    const source = await readFile(path, "utf8");
    await writeFile(path, mutated(source, mutation));
    try {
      const { file, title } = mutation.scenario;
      const report = await this.#run([file], limitMs, ["-t", `${literally(title)}$`]);
      return typeof report === "string" ? broken(report) : outcomeOf(report, mutation.scenario);
    } finally {
      await writeFile(path, source);
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

  /** Vitest's report, or why there is none. */
  async #run(
    files: readonly string[],
    limitMs: number,
    options: readonly string[] = [],
  ): Promise<Report | string> {
    const paths = files.map((file) => `test/scenarios/${file}.test.ts`);
    const reportFile = join(this.#root, "report.json");
    await rm(reportFile, { force: true });
    const said = await this.#vitest(limitMs, [...paths, ...options, `--outputFile=${reportFile}`]);
    try {
      return JSON.parse(await readFile(reportFile, "utf8")) as Report;
    } catch {
      return `no report: ${said}`;
    }
  }

  /** What vitest printed, and how it ended. */
  async #vitest(limitMs: number, options: readonly string[]): Promise<string> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(limitMs)]);
    // Workers are threads, so that ending the process ends them too; the module cache stays in the copy.
    const cached = ["--cache=false", `--fsModuleCachePath=${join(this.#root, ".modules")}`];
    // The limit of the whole run decides: a scenario that is slow on a busy machine says nothing about its rule.
    const patient = [`--testTimeout=${limitMs}`, `--hookTimeout=${limitMs}`];
    const plain = ["--reporter=json", "--pool=threads", "--maxWorkers=1"];
    const fixed = [...plain, ...patient, ...cached];
    const child = spawn(process.execPath, [VITEST, "run", ...fixed, ...options], {
      cwd: this.#root,
      env: { PATH: process.env["PATH"], NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
      killSignal: "SIGKILL",
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    }
    child.on("error", (cause) => {
      said += `${cause.name}: ${cause.message}`;
    });
    await new Promise((done) => child.once("close", done));
    return signal.aborted ? `ended after ${limitMs} ms: ${said}` : said;
  }
}

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
