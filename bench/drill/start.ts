import { chmod, cp, mkdir, mkdtemp, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { startGuard } from "../../lib/local-cloud/guard.ts";
import type { Figure } from "../print.ts";
import { ending, finished, ROOT } from "./command.ts";

const LIMITS = [
  { what: "npm start, first after install", limit: 120 },
  { what: "npm start, once more", limit: 45 },
] as const;
/** What a checkout has not, or what is too large to copy. */
const LEFT_OUT = new Set([".git", ".cache", "cdk.out", "coverage", "drills", "node_modules"]);
const GIVE_UP_SECONDS = 600;

/**
 * Wall time of `npm start` in a copy of the checkout without any cache, twice; the copy and its
 * temporary directory are removed. Throws Error with its last words if a drill fails.
 */
export async function startFigures(): Promise<Figure[]> {
  const guard = await startGuard();
  try {
    const directory = await mkdtemp(join(tmpdir(), "hosting-sla-start-"));
    guard.ownDirectory(directory);
    const { checkout, temporary } = await freshCheckout(directory);
    const figures: Figure[] = [];
    for (const { what, limit } of LIMITS) {
      const value = await startOnce(checkout, temporary);
      figures.push({ what, value, unit: "s", limit });
    }
    return figures;
  } finally {
    await guard.close();
  }
}

async function freshCheckout(directory: string) {
  const [checkout, temporary] = [join(directory, "checkout"), join(directory, "tmp")];
  await cp(ROOT, checkout, {
    recursive: true,
    filter: (path) => !LEFT_OUT.has(relative(ROOT, path).split(sep)[0] ?? ""),
  });
  await symlink(join(ROOT, "node_modules"), join(checkout, "node_modules"));
  await mkdir(temporary);
  // PostgreSQL runs as another user when this is root: it must find its way in.
  for (const path of [directory, temporary]) await chmod(path, 0o755);
  return { checkout, temporary };
}

async function startOnce(cwd: string, temporary: string): Promise<number> {
  const env = { ...process.env, TMPDIR: temporary };
  const { code, seconds, output, complaint } = await finished("npm", ["start"], {
    cwd,
    env,
    within: GIVE_UP_SECONDS,
  });
  if (code === 0) return seconds;
  throw new Error(`npm start: exit ${code}: ${ending(complaint || output)}`);
}
