import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, constants, glob, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../cli/user-error.ts";
import { type Guard, startGuard } from "../local-cloud/guard.ts";
import { unwritable } from "./run-directory.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Whatever can change what `bin/app.ts` writes. */
const INPUTS = [
  "bin/app.ts",
  "lib/{sla,fleet,infra}/**/*.ts",
  "functions/**/*",
  "package-lock.json",
  "cdk.json",
];

export interface Synthesis {
  /** The cdk.out directory. */
  readonly directory: string;
  readonly cached: boolean;
}

/**
 * Synthesizes the app for a fleet file, once per content. Throws UserError with the app's own message
 * and exit code if the fleet does not keep its promises.
 */
export async function synthesize(fleetFile: string): Promise<Synthesis> {
  const cache = await cacheDirectory();
  const directory = join(cache, await contentHash(fleetFile));
  if (await exists(join(directory, "manifest.json"))) return { directory, cached: true };
  const guard = await startGuard();
  const fresh = await mkdtemp(join(cache, "fresh-"));
  try {
    // An interrupted run leaves neither the app at work nor half a cdk.out.
    guard.ownDirectory(fresh);
    await runApp(resolve(fleetFile), fresh, guard);
    await rename(fresh, directory);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true });
    // Another run may have finished the same content first.
    if (!(await exists(join(directory, "manifest.json")))) throw cause;
  } finally {
    await guard.close();
  }
  return { directory, cached: false };
}

async function contentHash(fleetFile: string): Promise<string> {
  const files = (await Array.fromAsync(glob(INPUTS, { cwd: ROOT, withFileTypes: true })))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const hash = createHash("sha256");
  for (const file of [...files, fleetFile]) hash.update(file).update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}

/** Below the checkout if it may be written, else below the temporary directory. */
async function cacheDirectory(): Promise<string> {
  const inside = join(ROOT, ".cache", "synth");
  try {
    await mkdir(inside, { recursive: true });
    await access(inside, constants.W_OK);
    return inside;
  } catch {
    const outside = join(tmpdir(), `hosting-sla-${process.getuid?.() ?? 0}`, "synth");
    await mkdir(outside, { recursive: true, mode: 0o700 }).catch((cause) => {
      throw unwritable(tmpdir(), cause);
    });
    return outside;
  }
}

async function runApp(fleetFile: string, out: string, guard: Guard): Promise<void> {
  const { context } = JSON.parse(await readFile(join(ROOT, "cdk.json"), "utf8"));
  const child = spawn(process.execPath, [join(ROOT, "bin", "app.ts")], {
    cwd: ROOT,
    env: {
      ...process.env,
      SLA_FLEET: fleetFile,
      CDK_OUTDIR: out,
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  if (child.pid !== undefined) guard.ownGroup(child.pid);
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  const code = await new Promise<number | null>((done, fail) => {
    child.once("error", fail);
    child.once("close", done);
  });
  if (code !== 0)
    throw new UserError(complaint.trim() || `synthesis ended with ${code}`, code ?? 1);
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
