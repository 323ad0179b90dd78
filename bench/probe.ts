// A probe batch of 2,000 targets: at most 3 s and 150 MB. Servers and prober are processes of their own;
// prints one line per scheme with its parts, and exits 1 when a claim does not hold.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Batch, Taken } from "./probe/batch.ts";
import type { Served } from "./probe/server.ts";

const TARGETS = 2000;
const LIMIT_MS = 3000;
const LIMIT_MB = 150;
/** The heap that Lambda's own start script gives Node: 5 % and 90 % of the deployed function's 512 MB. */
const LAMBDA_HEAP = ["--max-semi-space-size=25", "--max-old-space-size=460"];

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

async function bundle(directory: string): Promise<string> {
  const outfile = join(directory, "batch.mjs");
  await build({
    entryPoints: [pathOf("./probe/batch.ts")],
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
  });
  return outfile;
}

async function run(file: string, batch: Batch): Promise<Taken> {
  const env = { ...process.env, AWS_REGION: "bench" };
  const child = fork(file, { execArgv: LAMBDA_HEAP, env });
  child.send(batch);
  const [taken] = await once(child, "message");
  child.kill();
  return taken;
}

const directory = await mkdtemp(join(tmpdir(), "bench-probe-"));
const server = fork(pathOf("./probe/server.ts"));
try {
  const [file, [served]] = await Promise.all([bundle(directory), once(server, "message")]);
  const { address, caPem, ...ports }: Served = served;
  for (const [scheme, port] of Object.entries(ports)) {
    const url = `${scheme}://${address}:${port}/`;
    const taken = await run(file, { url, targets: TARGETS, caPem });
    const ok = taken.good === TARGETS && taken.tookMs <= LIMIT_MS && taken.rssMb <= LIMIT_MB;
    const claim = { targets: TARGETS, limitMs: LIMIT_MS, limitMb: LIMIT_MB };
    console.log(JSON.stringify({ bench: "probe", scheme, ...taken, ...claim, ok }));
    if (!ok) process.exitCode = 1;
  }
} finally {
  server.kill();
  await rm(directory, { recursive: true, force: true });
}
