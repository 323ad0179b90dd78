import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BundleProof } from "./result.ts";
import type { Stage } from "./stage.ts";

/** Compares every bundle that ran with the file in cdk.out, read anew. */
export async function proveBundles({ cloud, assembly }: Stage): Promise<BundleProof[]> {
  const ran = cloud.services.lambda.bundleHashes();
  const proofs = cloud.services.lambda.functions().map(async ({ region, name, codeDirectory }) => {
    const sha256 = ran[`${region}/${name}`];
    if (sha256 === undefined) return [];
    const inside = codeDirectory.startsWith(assembly);
    const file = await readFile(join(codeDirectory, "index.mjs"));
    const equal = inside && createHash("sha256").update(file).digest("hex") === sha256;
    return [{ function: `${region}/${name}`, sha256, equal }];
  });
  return (await Promise.all(proofs)).flat();
}
