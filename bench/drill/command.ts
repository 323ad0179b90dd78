import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type GoodRun, parseDrillLines } from "./lines.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SLA = fileURLToPath(new URL("../../bin/sla.js", import.meta.url));
/** Of a run that hangs; a good one takes a fraction. */
const STARTED_WITHIN_SECONDS = 180;
const RUN_WITHIN_SECONDS = 120;
const LAST_LINES = 6;

export interface DrillRuns {
  readonly runs: number;
  readonly pace: number;
  readonly fleet: string;
}

/** Runs drills in one command. Throws Error with its last words unless every run came to a good end. */
export async function drill({ runs, pace, fleet }: DrillRuns): Promise<GoodRun[]> {
  const numbers = ["--runs", String(runs), "--pace", String(pace)];
  const args = [SLA, "drill", "--json", ...numbers, "--fleet", fleet];
  const within = STARTED_WITHIN_SECONDS + runs * RUN_WITHIN_SECONDS;
  const { code, output, complaint } = await finished(process.execPath, args, { within });
  const lines = parseDrillLines(output);
  const good = lines.filter((line) => line.ok);
  if (good.length === runs) return good;
  const found = `${good.length} of ${runs} runs were ok, ${lines.length} came to an end`;
  throw new Error(`drill: ${found} (exit ${code}): ${ending(complaint)}`);
}

export interface Finished {
  /** A signal's name if one ended it. */
  readonly code: number | string | null;
  readonly output: string;
  readonly complaint: string;
  /** Wall time. */
  readonly seconds: number;
}

export interface FinishOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds after which it is told to end. */
  readonly within: number;
}

/** Runs a program to its end. Throws Error if it cannot be started or takes too long. */
export async function finished(
  program: string,
  args: readonly string[],
  { cwd = ROOT, env = process.env, within }: FinishOptions,
): Promise<Finished> {
  const began = performance.now();
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const written = { output: "", complaint: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    written.output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    written.complaint += text;
  });
  const late = setTimeout(() => child.kill("SIGTERM"), within * 1000);
  try {
    const code = await new Promise<Finished["code"]>((done, fail) => {
      child.once("error", (cause) => fail(new Error(`${program}: ${cause.message}`, { cause })));
      child.once("close", (exitCode, signal) => done(exitCode ?? signal));
    });
    const seconds = (performance.now() - began) / 1000;
    if (seconds < within) return { ...written, code, seconds };
  } finally {
    clearTimeout(late);
  }
  throw new Error(`${program} ${args.join(" ")}: not done within ${within} s`);
}

/** The last lines of what a program wrote, as one. */
export function ending(text: string): string {
  return text.trim().split("\n").slice(-LAST_LINES).join(" | ") || "it said nothing";
}
