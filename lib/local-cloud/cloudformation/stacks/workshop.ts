import type { Creation } from "../creation.ts";
import type { DeployTargets } from "../targets.ts";
import type { Properties, Resource } from "../template.ts";
import type { Held, StackRecord } from "./record.ts";

/** What stacks are made with. */
export interface Workshop {
  readonly targets: DeployTargets;
  readonly folderOf: Creation["folderOf"];
  /** An operation of a service of this cloud, by its signing name, as any client would ask for it. */
  ask(service: string, operation: string, region: string, input: object): Promise<unknown>;
  /** Called when a stack has been created or changed. */
  afterwards(): void;
}

/** One operation on one stack. */
export interface Bench extends Workshop {
  readonly stack: StackRecord;
  readonly responses: Creation["responses"];
}

export const creationOf = (
  { stack, targets, folderOf, responses }: Bench,
  logicalId: string,
  { Type: type }: Resource,
  properties: Properties,
  before?: Held,
): Creation => ({
  ...{ type, logicalId, properties, targets, folderOf, responses },
  ...{ region: stack.region, account: stack.account, stackName: stack.name, stackId: stack.id },
  ...(before && { before }),
});
