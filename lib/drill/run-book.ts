import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../cli/user-error.ts";
import type { PlannedRun } from "./matrix.ts";
import type { DrillResult } from "./result.ts";

/** The words of the command line that decide which runs there are. */
export interface Intent {
  readonly fleet: string;
  readonly instance?: string;
  readonly fault: string;
  readonly without: readonly string[];
  readonly pace: number;
  readonly runs: number;
  readonly thereAndBack?: true;
  readonly deployed?: true;
}

const INTENT = "plan.json";
const RUNS = "runs";

/** Many runs in one directory, each kept as soon as it has ended, so that a cut drill goes on where it stopped. */
export class RunBook {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** What was asked for when the directory was begun. Throws UserError if it holds no such drill. */
  async intent(): Promise<Intent> {
    const file = join(this.#directory, INTENT);
    try {
      return JSON.parse(await readFile(file, "utf8")) as Intent;
    } catch (cause) {
      throw new UserError(
        `--resume: ${file} cannot be read; name the directory of a drill of several runs`,
        2,
        { cause },
      );
    }
  }

  /** The results that are there already, by the place of their run among all. */
  async results(planned: readonly PlannedRun[]): Promise<ReadonlyMap<number, DrillResult>> {
    const there = new Set(await readdir(join(this.#directory, RUNS)).catch(() => []));
    const kept = await Promise.all(
      planned.map(async (run, index) => {
        const file = fileOf(run, index);
        if (!there.has(file)) return [];
        const text = await readFile(join(this.#directory, RUNS, file), "utf8");
        return [[index, JSON.parse(text) as DrillResult] as const];
      }),
    );
    return new Map(kept.flat());
  }

  /** Whole or not at all: who is cut off while writing repeats the run. */
  async keep(intent: Intent, run: PlannedRun, index: number, result: DrillResult): Promise<void> {
    await mkdir(join(this.#directory, RUNS), { recursive: true });
    await this.#write(INTENT, intent);
    await this.#write(join(RUNS, fileOf(run, index)), result);
  }

  async #write(name: string, value: unknown): Promise<void> {
    const file = join(this.#directory, name);
    await writeFile(`${file}.part`, `${JSON.stringify(value, null, 2)}\n`);
    await rename(`${file}.part`, file);
  }
}

/** `007-kill-without-sns.json` */
const fileOf = ({ name }: PlannedRun, index: number) =>
  `${String(index + 1).padStart(3, "0")}-${name.replaceAll(/[^a-z0-9-]+/g, "-")}.json`;
