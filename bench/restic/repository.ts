import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Keep } from "./rule.ts";

export const NOT_INSTALLED =
  "restic: not installed here; to compare with it: apt-get install restic";

const run = promisify(execFile);
/** A command that hangs would hold the bench for ever. */
const WITHIN_MS = 120_000;
/** Snapshots are told apart by tags of those that begin the list, so that restic can be asked about fewer. */
export const FIRST = [30, 100, 365] as const;
const tagOf = (first: number) => `first-${first}`;

/** `restic 0.14.0 …`; undefined where there is none. */
export async function findRestic(): Promise<string | undefined> {
  try {
    return (await run("restic", ["version"], { timeout: WITHIN_MS })).stdout.trim();
  } catch {
    return undefined;
  }
}

/** A repository of one snapshot of a tiny file for each instant; kept from one run of the bench to the next. */
export async function repositoryOf(
  takenMs: readonly number[],
  progress: (made: number) => void,
): Promise<string> {
  const directory = join(tmpdir(), `hosting-sla-restic-${takenMs.length}`);
  if (existsSync(directory)) return directory;
  const making = `${directory}-unfinished`;
  await mkdir(making, { recursive: true, mode: 0o700 });
  const file = join(making, "file");
  await writeFile(file, "a backup of nothing\n");
  // Where a run was cut short it goes on: they are made in order.
  const made = await readdir(join(making, "repository", "snapshots")).catch(() => undefined);
  if (!made) await restic(making, "init");
  else await restic(making, "unlock");
  for (const [index, ms] of takenMs.entries()) {
    if (index < (made?.length ?? 0)) continue;
    const tags = FIRST.filter((first) => index < first).flatMap((first) => ["--tag", tagOf(first)]);
    await restic(making, "backup", ...QUICKLY, "--time", timeOf(ms), ...tags, file);
    progress(index + 1);
  }
  await rename(making, directory);
  return directory;
}

/** Nothing is read again while they are made. */
const QUICKLY = ["--no-cache", "--force"] as const;

/** `2024-01-31 04:00:00` */
const timeOf = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace("T", " ");

/** What restic would keep of all snapshots, or of so many that begin the list. */
export async function keptByRestic(
  directory: string,
  { daily, weekly, monthly }: Keep,
  first?: number,
): Promise<ReadonlySet<number>> {
  const numbers = { daily, weekly, monthly };
  const flags = Object.entries(numbers).flatMap(([kind, count]) => [`--keep-${kind}`, `${count}`]);
  const only = first === undefined ? [] : ["--tag", tagOf(first)];
  const said = await restic(directory, "forget", "--dry-run", "--json", ...flags, ...only);
  const groups = JSON.parse(said) as { readonly keep: { readonly time: string }[] }[];
  return new Set(groups.flatMap(({ keep }) => keep.map(({ time }) => Date.parse(time))));
}

/** Opens the repository and does nothing with it. */
export const openOnly = (directory: string) => restic(directory, "cat", "config");

async function restic(directory: string, ...args: readonly string[]): Promise<string> {
  const own = { RESTIC_PASSWORD: "bench", RESTIC_CACHE_DIR: join(directory, "cache"), TZ: "UTC" };
  const repository = join(directory, "repository");
  const { stdout } = await run("restic", ["-q", "-r", repository, ...args], {
    ...{ timeout: WITHIN_MS, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, ...own } },
  });
  return stdout;
}
