import { spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { median } from "../print.ts";

/** What handlers read while they are imported; none of it is called. */
const ENVIRONMENT = {
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "bench",
  AWS_SECRET_ACCESS_KEY: "bench",
  SLA_ACCOUNT: "111111111111",
  FLEET_KEY: "fleet/bench.json",
  STATUS_ADDRESS: "https://bench.example/",
  DOWNLOAD_PAGE: "https://bench.example/",
  FREEZE_SUBNETS: "subnet-1",
  FREEZE_GROUP: "sg-1",
  SQL_GROUP: "sg-2",
  OUR_GROUPS: "sg-1,sg-2",
  FROZEN_BUCKET: "bench",
  FROZEN_DAYS: "1",
};
const EMPTY = "";

/** Median milliseconds of a whole process: an empty one, and one for each imported file, in their order. */
export interface ImportTimes {
  readonly emptyMs: number;
  readonly wholeMs: readonly number[];
}

/**
 * Times fresh Node processes that import one file each. In rounds, so that whatever else the machine does
 * meets all of them alike. Throws Error with the file and what Node said if an import fails.
 */
export async function importTimes(files: readonly string[], runs: number): Promise<ImportTimes> {
  const programs = [EMPTY, ...files.map((file) => `import ${JSON.stringify(url(file))};`)];
  const times: number[][] = programs.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [index, program] of programs.entries()) {
      times[index]?.push(await processMs(program, files[index - 1] ?? "an empty program"));
    }
  }
  const [emptyMs = 0, ...wholeMs] = times.map(median);
  return { emptyMs, wholeMs };
}

async function processMs(program: string, what: string): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    // Nothing inherited: no compile cache, no preloaded module.
    env: ENVIRONMENT,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const [code] = await once(child, "exit");
  const tookMs = performance.now() - began;
  if (code !== 0) throw new Error(`${what}: cannot be imported: ${reasonIn(complaint)}`);
  return tookMs;
}

const url = (file: string) => pathToFileURL(file).href;

/** The error's message out of Node's report, without the minified source above and the stack below it. */
export function reasonIn(report: string): string {
  const lines = report.split("\n");
  const first = lines.findIndex((line) => /^\S*(Error|BadConfig)\b.*:/.test(line));
  const stack = lines.findIndex((line, index) => index > first && /^\s+at /.test(line));
  const message = lines.slice(Math.max(first, 0), stack === -1 ? undefined : stack);
  return message.join(" ").replaceAll(/\s+/g, " ").trim() || "it ended without a word";
}
