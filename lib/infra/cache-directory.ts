import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A directory below `.cache/` that survives this run; in a checkout that cannot be written to, a
 * temporary one that does not.
 */
export function cacheDirectory(root: string, purpose: string): string {
  const kept = join(root, ".cache", purpose);
  try {
    mkdirSync(kept, { recursive: true });
    // A directory that exists may still be someone else's: making something in it is the only proof.
    rmSync(mkdtempSync(join(kept, "try-")), { recursive: true });
    return kept;
  } catch {
    const passing = mkdtempSync(join(tmpdir(), `hosting-sla-${purpose}-`));
    process.once("exit", () => rmSync(passing, { recursive: true, force: true }));
    return passing;
  }
}
