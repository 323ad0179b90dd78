import { join } from "node:path";
import {
  type CloudFormationService,
  cloudFormationService,
} from "./cloudformation/stacks/service.ts";
import type { DeployTargets } from "./cloudformation/targets.ts";
import { sparing } from "./deploy-targets.ts";
import { CodeFolders } from "./lambda/code-folders.ts";
import type { S3 } from "./s3/service.ts";
import type { SsmService } from "./ssm/service.ts";
import type { ServiceDefinition } from "./wire/service.ts";

export interface ClientStacksOptions {
  readonly targets: DeployTargets;
  readonly s3: S3;
  readonly ssm: SsmService;
  readonly definitions: readonly ServiceDefinition[];
  /** Unpacked code of functions goes below it. */
  readonly directory: string;
  readonly accountOf: (accessKey?: string) => string;
  readonly isFromDisk: (name: string, region: string) => boolean;
  readonly confirmSubscriptions: () => void;
}

/** Stacks that a client deploys, with the services of this cloud to make them of. */
export function clientStacks(options: ClientStacksOptions): CloudFormationService {
  const { targets, s3, ssm, definitions, directory, accountOf, isFromDisk } = options;
  const folders = new CodeFolders({ directory: join(directory, "code"), read: s3.read });
  return cloudFormationService({
    ...{ targets, sparing: sparing(targets), accountOf, isFromDisk },
    folderOf: (bucket, key) => folders.folderOf(bucket, key),
    readObject: async (bucket, key) => (await s3.read(bucket, key)).toString(),
    parameter: (place, name) => ssm.parameters.get(place, name)?.value,
    async ask(service, operation, region, input) {
      const run = definitions.find(({ name }) => name === service)?.operations[operation];
      if (!run) throw new RangeError(`${service} lacks ${operation}`);
      return run(input, { region, requestId: "cloudformation" });
    },
    afterwards: options.confirmSubscriptions,
  });
}
