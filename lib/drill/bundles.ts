import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readAssembly } from "../local-cloud/cloudformation/assembly.ts";
import { FOREIGN_STACKS, STACKS } from "../local-cloud/services.ts";
import type { BundleProof } from "./result.ts";
import type { Stage } from "./stage.ts";

/** Compares every bundle that ran with the one that cdk.out has for that function, read anew: wherever it was run from. */
export async function proveBundles({ cloud, assembly, fleet }: Stage): Promise<BundleProof[]> {
  const ran = cloud.services.lambda.bundleHashes();
  const meant = bundlesIn(assembly, fleet.provider.account);
  const proofs = Object.entries(ran).map(async ([name, sha256]) => {
    const file = meant.get(name);
    const content = file === undefined ? "" : await readFile(file);
    const equal = createHash("sha256").update(content).digest("hex") === sha256;
    return { function: name, sha256, equal };
  });
  return Promise.all(proofs);
}

/** The file that a template means, by `region/function`. */
function bundlesIn(directory: string, account: string): ReadonlyMap<string, string> {
  const options = { directory, account, stacks: STACKS, foreign: FOREIGN_STACKS };
  const files = readAssembly(options).flatMap(({ region, template, assets }) =>
    Object.values(template.Resources ?? {}).flatMap(({ Type, Properties = {} }) => {
      if (Type !== "AWS::Lambda::Function") return [];
      const { FunctionName, Code } = Properties as Bundled;
      const asset = assets.find(({ key }) => key === Code?.S3Key);
      return asset === undefined
        ? []
        : [[`${region}/${FunctionName}`, join(asset.path, "index.mjs")] as const];
    }),
  );
  return new Map(files);
}

interface Bundled {
  readonly FunctionName?: string;
  readonly Code?: { readonly S3Key?: string };
}
