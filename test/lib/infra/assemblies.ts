import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where tests write their cdk.out; it is gone when all have ended. */
    readonly assemblies: string;
  }
}

/** Before the first file: files share their modules, so that none knows whether it is the last. */
export default function makeDirectory({ provide }: TestProject): () => void {
  const directory = mkdtempSync(join(tmpdir(), "sla-infra-"));
  provide("assemblies", directory);
  return () => rmSync(directory, { recursive: true, force: true });
}
