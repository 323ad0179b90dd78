import { readFile } from "node:fs/promises";
import { type AssemblyOptions, type AssemblyStack, readAssembly } from "./assembly.ts";
import { AssemblyRefused, messageOf } from "./refusal.ts";
import { Responses } from "./responses.ts";
import { deployStack, type StackDeployment } from "./stack.ts";
import type { DeployTargets } from "./targets.ts";

export interface DeployOptions extends AssemblyOptions {
  readonly services: DeployTargets;
}

export interface Deployment {
  readonly stacks: readonly StackDeployment[];
}

/**
 * Creates what the stacks of `cdk.out` describe: those that do not depend on each other at the same
 * time. Throws `AssemblyRefused` in one line with stack, resource and type.
 */
export async function deployAssembly(options: DeployOptions): Promise<Deployment> {
  const stacks = readAssembly(options);
  const responses = new Responses();
  await responses.listen();
  const deployed = new Map<string, Promise<StackDeployment>>();
  const bootstrapped = new Set<string>();
  const deploy = async (stack: AssemblyStack): Promise<StackDeployment> => {
    await Promise.all(stack.dependencies.map((id) => once(id)));
    await publishFiles(stack, options.services, bootstrapped);
    return deployStack(stack, options.services, responses);
  };
  const once = (id: string): Promise<StackDeployment> | undefined => {
    const stack = stacks.find((candidate) => candidate.id === id);
    if (stack && !deployed.has(id)) deployed.set(id, deploy(stack));
    return deployed.get(id);
  };
  try {
    const settled = await Promise.allSettled(stacks.map(({ id }) => once(id)));
    const failed = settled.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    return { stacks: await Promise.all([...deployed.values()]) };
  } finally {
    responses.close();
  }
}

/** The bootstrap bucket and the plain files in it; code folders stay on disk, templates are read here. */
async function publishFiles(
  stack: AssemblyStack,
  { s3 }: DeployTargets,
  bootstrapped: Set<string>,
): Promise<void> {
  const bucket = `cdk-hnb659fds-assets-${stack.account}-${stack.region}`;
  const missing = !bootstrapped.has(bucket);
  bootstrapped.add(bucket);
  try {
    if (missing) await s3.createBucket(bucket, stack.region, { versioning: true });
    for (const { bucket: into, key, path, packaging } of stack.assets) {
      if (packaging === "file" && !path.endsWith(".template.json")) {
        await s3.putObject(into, key, await readFile(path));
      }
    }
  } catch (cause) {
    throw new AssemblyRefused(`stack ${stack.name}, assets: ${messageOf(cause)}`);
  }
}
