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

/** CloudFormation calls the same operations as everybody else, in the region of its stack. */
export function deployTargets({
  sns,
  ses,
  cloudwatch,
  secretsManager,
  ...direct
}: Parts): DeployTargets {
  return {
    ...direct,
    sns: {
      async createTopic(region, name) {
        const created = await call(sns, "CreateTopic", region, { Name: name });
        return (created as { readonly TopicArn: string }).TopicArn;
      },
      async subscribe(region, TopicArn, { protocol, endpoint, filterPolicy }) {
        const subscribed = await call(sns, "Subscribe", region, {
          ...{ TopicArn, Protocol: protocol, Endpoint: endpoint, ReturnSubscriptionArn: true },
          ...(filterPolicy && { Attributes: { FilterPolicy: JSON.stringify(filterPolicy) } }),
        });
        return (subscribed as { readonly SubscriptionArn: string }).SubscriptionArn;
      },
    },
    secrets: {
      async create(region, Name, SecretString) {
        const input = { Name, SecretString };
        const made = await call(secretsManager, "CreateSecret", region, input);
        return (made as { readonly ARN: string }).ARN;
      },
      async find(region, SecretId) {
        const found = await call(secretsManager, "DescribeSecret", region, { SecretId });
        return (found as { readonly ARN: string }).ARN;
      },
    },
    senders: {
      put: (region, EmailIdentity) => call(ses, "CreateEmailIdentity", region, { EmailIdentity }),
    },
    alarms: { put: (region, alarm) => call(cloudwatch, "PutMetricAlarm", region, alarm) },
  };
}

/** The same for a second deployment of what was read from disk: what holds data is left as it is. */
export function sparing(targets: DeployTargets): DeployTargets {
  const { s3, secrets, senders } = targets;
  return {
    ...targets,
    s3: {
      ...s3,
      createBucket: (...bucket) =>
        unlessThere<unknown>(
          "BucketAlreadyOwnedByYou",
          async () => s3.createBucket(...bucket),
          left,
        ),
    },
    secrets: {
      ...secrets,
      create: (region, name, value) =>
        unlessThere(
          "ResourceExistsException",
          async () => secrets.create(region, name, value),
          async () => secrets.find(region, name),
        ),
    },
    senders: {
      put: (...sender) =>
        unlessThere<unknown>("AlreadyExistsException", async () => senders.put(...sender), left),
    },
  };
}

const left = async () => undefined;

async function unlessThere<T>(
  code: string,
  make: () => Promise<T>,
  otherwise: () => Promise<T>,
): Promise<T> {
  try {
    return await make();
  } catch (cause) {
    if (!(cause instanceof AwsError && cause.code === code)) throw cause;
    return otherwise();
  }
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
