import { randomUUID } from "node:crypto";
import type { AssemblyStack } from "./assembly.ts";
import type { Creation } from "./creation.ts";
import { type Created, holds, type Names, resolve } from "./intrinsics.ts";
import { creatorOf } from "./kinds/all.ts";
import { creationOrder } from "./order.ts";
import { AssemblyRefused, messageOf } from "./refusal.ts";
import type { Responses } from "./responses.ts";
import type { DeployTargets } from "./targets.ts";
import type { Properties, Resource } from "./template.ts";

export interface StackDeployment {
  readonly name: string;
  readonly region: string;
  readonly resources: readonly {
    readonly logicalId: string;
    readonly type: string;
    /** Physical id: what Ref gives. */
    readonly ref: string;
  }[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Creates the resources of one stack in the order of their dependencies. */
export async function deployStack(
  stack: AssemblyStack,
  targets: DeployTargets,
  responses: Responses,
): Promise<StackDeployment> {
  const { name, region, account, template } = stack;
  const stackId = `arn:aws:cloudformation:${region}:${account}:stack/${name}/${randomUUID()}`;
  const created = new Map<string, Created>();
  const names: Names = { template, created, pseudo: pseudoParameters(stack, stackId) };
  const resources: StackDeployment["resources"][number][] = [];
  const folders = new Map(stack.assets.map(({ key, path }) => [key, path]));
  const shared = {
    ...{ region, account, stackName: name, stackId, targets, responses },
    folderOf: async (_bucket: string, key: string) => folders.get(key),
  };
  for (const logicalId of guarded(`stack ${name}`, () => creationOrder(template))) {
    const resource = template.Resources?.[logicalId] as Resource;
    const place = `stack ${name}, resource ${logicalId} (${resource.Type})`;
    if (guarded(place, () => isLeftOut(resource, names))) continue;
    const one = await create(resource, logicalId, names, shared).catch((cause: unknown) => {
      throw new AssemblyRefused(`${place}: ${messageOf(cause)}`);
    });
    created.set(logicalId, one);
    resources.push({ logicalId, type: resource.Type, ref: one.ref });
  }
  const outputs = guarded(`stack ${name}, outputs`, () => outputsOf(names));
  return { name, region, resources, outputs };
}

async function create(
  { Type: type, Properties: given = {} }: Resource,
  logicalId: string,
  names: Names,
  shared: Omit<Creation, "type" | "logicalId" | "properties">,
): Promise<Created> {
  const properties = resolve(given, names) as Properties;
  return creatorOf(type)({ ...shared, type, logicalId, properties });
}

const isLeftOut = ({ Condition }: Resource, names: Names): boolean =>
  Condition !== undefined && !holds(Condition, names);

function outputsOf(names: Names): Readonly<Record<string, unknown>> {
  const outputs = Object.entries(names.template.Outputs ?? {});
  return Object.fromEntries(
    outputs
      .filter(([, { Condition }]) => Condition === undefined || holds(Condition, names))
      .map(([id, { Value }]) => [id, resolve(Value, names)]),
  );
}

function guarded<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new AssemblyRefused(`${place}: ${messageOf(cause)}`);
  }
}

interface Named {
  readonly name: string;
  readonly region: string;
  readonly account: string;
}

export const pseudoParameters = ({ name, region, account }: Named, stackId: string) => ({
  "AWS::AccountId": account,
  "AWS::Region": region,
  "AWS::Partition": "aws",
  "AWS::URLSuffix": "amazonaws.com",
  "AWS::StackName": name,
  "AWS::StackId": stackId,
  "AWS::NotificationARNs": [],
});
