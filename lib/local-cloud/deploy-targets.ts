import type { DeployTargets } from "./cloudformation/targets.ts";
import { AwsError, type CallContext, type ServiceDefinition } from "./wire/service.ts";

interface Wired {
  readonly definition: ServiceDefinition;
}

interface Parts extends Omit<DeployTargets, "sns" | "alarms" | "secrets" | "senders"> {
  readonly sns: Wired;
  readonly ses: Wired;
  readonly cloudwatch: Wired;
  readonly secretsManager: Wired;
}

/**
 * CloudFormation calls the same operations as everybody else, in the region of its stack. A second
 * deployment replaces what runs and leaves what holds data.
 */
export function deployTargets({
  sns,
  ses,
  cloudwatch,
  secretsManager,
  ...direct
}: Parts): DeployTargets {
  return {
    ...direct,
    s3: {
      ...direct.s3,
      createBucket(name, region, options) {
        try {
          direct.s3.createBucket(name, region, options);
        } catch (cause) {
          if (!(cause instanceof AwsError && cause.code === "BucketAlreadyOwnedByYou")) throw cause;
        }
      },
    },
    sns: {
      async createTopic(region, name) {
        const created = await call(sns, "CreateTopic", region, { Name: name });
        return (created as { readonly TopicArn: string }).TopicArn;
      },
      subscribe: (region, TopicArn, { protocol, endpoint, filterPolicy }) =>
        call(sns, "Subscribe", region, {
          TopicArn,
          Protocol: protocol,
          Endpoint: endpoint,
          ...(filterPolicy && { Attributes: { FilterPolicy: JSON.stringify(filterPolicy) } }),
        }),
    },
    secrets: {
      async create(region, Name, SecretString) {
        const input = { Name, SecretString };
        const made = await call(secretsManager, "CreateSecret", region, input).catch(
          (cause: unknown) => {
            if (!(cause instanceof AwsError && cause.code === "ResourceExistsException"))
              throw cause;
            return call(secretsManager, "DescribeSecret", region, { SecretId: Name });
          },
        );
        return (made as { readonly ARN: string }).ARN;
      },
    },
    senders: {
      put: (region, EmailIdentity) =>
        call(ses, "CreateEmailIdentity", region, { EmailIdentity }).catch((cause: unknown) => {
          if (!(cause instanceof AwsError && cause.code === "AlreadyExistsException")) throw cause;
        }),
    },
    alarms: { put: (region, alarm) => call(cloudwatch, "PutMetricAlarm", region, alarm) },
  };
}

async function call(
  { definition }: Wired,
  operation: string,
  region: string,
  input: unknown,
): Promise<unknown> {
  const run = definition.operations[operation];
  if (!run) throw new RangeError(`${definition.name} lacks ${operation}`);
  const context: CallContext = { region, requestId: "cloudformation" };
  return run(input, context);
}
