// The first day: templates from a fleet, and a site deployed by the pinned CDK to the local cloud.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ending, finished, ROOT } from "./drill/command.ts";
import { type Figure, main, median, report, title } from "./print.ts";

const CDK = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");
const SLA = join(ROOT, "bin/sla.js");
const ACCOUNT = "111111111111";
const SITE = "eu-central-1";
const RUNS = 3;
const WITHIN = 300;

const temporary = mkdtempSync(join(tmpdir(), "bench-first-day-"));

/** The pinned CDK as a process of its own. Throws with its last words unless it ends well. */
async function cdk(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<number> {
  const quiet = { NO_COLOR: "1", CDK_DISABLE_CLI_TELEMETRY: "true", CDK_HOME: temporary };
  const all = [CDK, ...args, "--no-notices", "--ci"];
  const options = { within: WITHIN, env: { ...process.env, ...quiet, ...env } };
  const { code, output, complaint, seconds } = await finished(process.execPath, all, options);
  if (code !== 0) throw new Error(`cdk ${args[0]}: exit ${code}: ${ending(output + complaint)}`);
  return seconds;
}

async function synthesized(): Promise<Figure> {
  const taken: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    taken.push(await cdk({}, "synth", "--quiet", "--output", join(temporary, `synth-${run}`)));
  }
  const first = `each: ${taken.map((seconds) => seconds.toFixed(1)).join(", ")} s`;
  return { what: "cdk synth", value: median(taken), unit: "s", limit: 10, parts: [first] };
}

/** An account without our stacks; resolves to what a terminal has to export, and how to end it. */
async function account() {
  const args = [SLA, "local", "up", "--no-deploy", "--pace", "1"];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  let guide = "";
  await new Promise<void>((done, fail) => {
    child.once("exit", (code) => fail(new Error(`sla local up: exit ${code}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      guide += text;
      if (/Ctrl-C ends it/.test(guide)) done();
    });
  });
  const exported = [...guide.matchAll(/\b((?:AWS|SLA)_\w+)=(\S+)/g)].map(([, name, value]) => [
    name,
    value,
  ]);
  const end = async () => {
    const over = new Promise((done) => child.once("exit", done));
    child.kill("SIGINT");
    await over;
  };
  return { env: Object.fromEntries(exported) as NodeJS.ProcessEnv, end };
}

async function deployed(): Promise<readonly Figure[]> {
  const { env, end } = await account();
  try {
    const place = `aws://${ACCOUNT}/${SITE}`;
    const bootstrap = await cdk(env, "bootstrap", place);
    const never = ["--require-approval", "never"];
    const app = ["--app", join(temporary, "synth-0")];
    const seconds = await cdk(env, "deploy", `Sla-${SITE}`, ...app, ...never);
    return [
      { what: "cdk bootstrap of a region", value: bootstrap, unit: "s", limit: 60 },
      { what: "cdk deploy of one site", value: seconds, unit: "s", limit: 60 },
    ];
  } finally {
    await end();
  }
}

await main(async () => {
  try {
    title("First day: templates, and one site deployed by the pinned CDK");
    const figures = [await synthesized(), ...(await deployed())];
    return report(figures);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
});
