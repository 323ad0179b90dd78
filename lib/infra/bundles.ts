import { createHash } from "node:crypto";
import { existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { cacheDirectory } from "./cache-directory.ts";
import { type Bundles, ENTRIES } from "./functions.ts";
import { leanSdk } from "./lean-sdk.ts";

// Some dependencies still call require(), which an ES module does not have.
const BANNER =
  'import{createRequire}from"node:module";const require=createRequire(import.meta.url);';

/**
 * Bundles all functions in one esbuild run, into a directory named after everything that went in; what
 * is there already is not made again.
 *
 * @throws Error naming the handler if one does not compile or is missing.
 */
export async function bundleFunctions(root: string): Promise<Bundles> {
  const cache = cacheDirectory(root, "bundles");
  const directory = join(cache, fingerprint(root));
  if (!existsSync(directory)) await bundleInto(directory, cache, root);
  return { directory: (name) => join(directory, name) };
}

/** Built aside and moved in one step, so that nobody ever sees half of it. */
async function bundleInto(directory: string, cache: string, root: string): Promise<void> {
  const aside = mkdtempSync(join(cache, "new-"));
  try {
    await build({
      absWorkingDir: root,
      entryPoints: Object.entries(ENTRIES).map(([name, entry]) => ({
        in: join(root, "functions", `${entry}.handler.ts`),
        out: `${name}/index`,
      })),
      outdir: aside,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      minify: true,
      // Errors carry class names into logs and Step Functions.
      keepNames: false,
      platform: "node",
      target: "node24",
      format: "esm",
      mainFields: ["module", "main"],
      external: ["pg-native"],
      banner: { js: BANNER },
      // Nor has it this.
      define: { __dirname: "import.meta.dirname" },
      plugins: [leanSdk],
      logLevel: "silent",
    });
    renameSync(aside, directory);
  } catch (cause) {
    rmSync(aside, { recursive: true, force: true });
    // Someone else bundling the same sources may have been first.
    if (!existsSync(directory)) throw cause;
  }
}

function fingerprint(root: string): string {
  const rooms = ["functions/**/*.ts", "lib/sla/**/*.ts", "lib/page/*.ts", "lib/infra/*.ts"];
  const sources = globSync(rooms, { cwd: root });
  const hash = createHash("sha256");
  for (const file of [...sources.sort(), "package-lock.json"]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}
