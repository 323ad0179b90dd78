import * as client from "@aws-sdk/client-cloudformation";
import type { CallContext, ServiceDefinition } from "../../wire/service.ts";
import { Responses } from "../responses.ts";
import type { DeployTargets } from "../targets.ts";
import { invalid, StackBook } from "./book.ts";
import { changeSetOperations } from "./change-set-operations.ts";
import { type Deployment, deploy } from "./deployment.ts";
import type { Place, StackRecord } from "./record.ts";
import { remove } from "./removal.ts";
import { stackOperations } from "./stack-operations.ts";
import type { ReadObject } from "./template-source.ts";
import type { Bench, Workshop } from "./workshop.ts";

export interface CloudFormationOptions extends Workshop {
  /** The same as `targets`, for what may be there already. */
  readonly sparing: DeployTargets;
  /** Whose an access key is. */
  readonly accountOf: (accessKey?: string) => string;
  readonly readObject: ReadObject;
  /** Parameter Store's value. */
  readonly parameter: (place: Place, name: string) => string | undefined;
  /** Stacks that were read from `cdk.out`: none of them can be deployed by a client as well. */
  readonly isFromDisk: (name: string, region: string) => boolean;
}

export interface CloudFormationService {
  readonly definition: ServiceDefinition;
  /** Waits for what is being done to stacks. */
  close(): Promise<void>;
}

/** State shared by the operations. */
export interface StacksState {
  readonly book: StackBook;
  readonly readObject: ReadObject;
  readonly parameter: CloudFormationOptions["parameter"];
  placeOf(context: CallContext): Place;
  /** @throws AwsError ValidationError */
  refuseForeign(context: CallContext, name: string): void;
  deploy(stack: StackRecord, deployment: Deployment): void;
  remove(stack: StackRecord): void;
}

/** CloudFormation by its API: change sets, events, updates, rollbacks. */
export function cloudFormationService(options: CloudFormationOptions): CloudFormationService {
  const work = new Set<Promise<void>>();
  const begin = (stack: StackRecord, task: (bench: Bench) => Promise<void>) => {
    const begun = atBench(options, stack, task).finally(() => work.delete(begun));
    work.add(begun);
  };
  const state: StacksState = {
    book: new StackBook(),
    readObject: options.readObject,
    parameter: options.parameter,
    placeOf: ({ region, accessKey }) => ({ region, account: options.accountOf(accessKey) }),
    refuseForeign({ region }, name) {
      if (!options.isFromDisk(name, region)) return;
      throw invalid(
        `Stack ${name} of ${region} was read from cdk.out when this cloud began; begin one with --no-deploy to deploy it`,
      );
    },
    deploy: (stack, deployment) =>
      begin(stack, (bench) => {
        const targets = deployment.takesOver ? options.sparing : options.targets;
        return deploy({ ...bench, targets }, deployment);
      }),
    remove: (stack) => begin(stack, remove),
  };
  const operations = { ...changeSetOperations(state), ...stackOperations(state) };
  return {
    definition: { name: "cloudformation", client, operations },
    async close() {
      await Promise.all(work);
    },
  };
}

async function atBench(
  options: Workshop,
  stack: StackRecord,
  task: (bench: Bench) => Promise<void>,
): Promise<void> {
  const responses = new Responses();
  await responses.listen();
  try {
    await task({ ...options, stack, responses });
  } finally {
    responses.close();
  }
}
