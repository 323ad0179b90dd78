import { join } from "node:path";
import type { Ground } from "./cloud.ts";
import { cloudwatchService } from "./cloudwatch/service.ts";
import { ImageBook } from "./ec2/image-book.ts";
import { Machines } from "./ec2/machines.ts";
import { ec2Service } from "./ec2/service.ts";
import type { TaskDefinition } from "./ecs/definition.ts";
import { taskNetwork } from "./ecs/network.ts";
import { secretInput, secretText } from "./ecs/secrets.ts";
import { type EcsService, ecsService } from "./ecs/service.ts";
import { balancersService } from "./elb/service.ts";
import { forRoles } from "./iam/behind.ts";
import { Gatekeeper } from "./iam/gatekeeper.ts";
import { holderOf } from "./iam/principals.ts";
import type { Facts } from "./iam/requests/row.ts";
import { kmsService } from "./kms/service.ts";
import type { FunctionSpec } from "./lambda/function.ts";
import { type LambdaService, lambdaService } from "./lambda/service.ts";
import type { PostOffice } from "./mail/post-office.ts";
import { functionEnvironment, holder, processEnvironment } from "./process-environment.ts";
import { rdsService } from "./rds/service.ts";
import { route53Service } from "./route53/service.ts";
import { s3Service } from "./s3/service.ts";
import { schedulerService } from "./scheduler/service.ts";
import { secretsManagerService } from "./secrets-manager/service.ts";
import { sesService } from "./ses/service.ts";
import { snsService } from "./sns/service.ts";
import { ssmService } from "./ssm/service.ts";
import { type StatesService, statesService } from "./states/service.ts";
import type { Tasks } from "./states/tasks.ts";
import { stsService } from "./sts/service.ts";
import type { ServiceDefinition } from "./wire/service.ts";

export type Parts = ReturnType<typeof partsOf>;

/** The services of a cloud, joined to each other, and who judges what is asked of them. `url` is their endpoint. */
export function partsOf(ground: Ground, url: string, post: PostOffice) {
  const { log, pace, guard, account, credentials, dns, directory, sessions, policies } = ground;
  const { secretAccessKey } = credentials;
  const environment = (fn: FunctionSpec) => functionEnvironment(ground, url, fn);
  const lambda = lambdaService({ log, pace, guard, environment });
  const secrets = secretsManagerService({ account });
  const sts = stsService({ account, secretAccessKey, sessions });
  const facts: Facts = {
    tagsOf: (arn) => rds.about(arn)?.tags ?? images.about(arn)?.tags ?? machines.about(arn)?.tags,
    snapshotsOf: (arn) => images.about(arn)?.snapshots.map(({ id }) => id) ?? [],
    secretArn: secrets.arnOf,
    machineOfToken: (token) => states.machineOfToken(token),
    taskDefinition: (region, reference) => rolesOf(ecs.find(region, reference)),
    keyOf: (arn) => policies.about(arn)?.key ?? rds.about(arn)?.key ?? images.keyOf(arn),
  };
  const gatekeeper = new Gatekeeper({ log, account, book: policies, sessions, facts });
  const ecs = containersOf(ground, url, secrets.definition, gatekeeper);
  const rds = rdsService({ ...ground, hostNames: dns, directory: join(directory, "databases") });
  const machines = new Machines();
  const images = new ImageBook({
    ...{ machines, log, keys: rds.keys },
    isCutOff: (region) => ground.cutOff.has(region),
  });
  const functions = ground.throttles.aroundFunctions(forRoles(lambda, gatekeeper, account));
  const tasks = judged(ecs, gatekeeper);
  const states = statesService({ log, pace, account, functions, tasks });
  const targets = firingAt({ lambda, states }, gatekeeper);
  return {
    gatekeeper,
    lambda,
    states,
    ecs,
    scheduler: schedulerService({ log, pace, account, targets }),
    s3: s3Service({
      ...{ secretAccessKey, directory: join(directory, "s3"), pace: pace.factor },
      isCutOff: (region) => ground.cutOff.has(region),
    }),
    sns: snsService({ account, log, pace, post }),
    ses: sesService({ post }),
    sts,
    ssm: ssmService(sts.accountOf),
    secrets,
    cloudwatch: cloudwatchService({ account }),
    route53: route53Service({ log, pace, dns }),
    rds,
    kms: kmsService(account, rds.keys),
    ec2: ec2Service({ ...ground, machines, images }),
    machines,
    balancers: balancersService({ account }),
  };
}

/** What the wire serves of them. */
export const definitionsOf = (parts: Parts): readonly ServiceDefinition[] =>
  Object.values(parts).flatMap((part) => ("definition" in part ? [part.definition] : []));

/** Containers with their task's role, begun with the secrets that the role of its execution may read. */
function containersOf(
  ground: Ground,
  url: string,
  secrets: ServiceDefinition,
  gatekeeper: Gatekeeper,
): EcsService {
  const { log, pace, guard, account, directory } = ground;
  return ecsService({
    ...{ log, pace, guard, account },
    directory: join(directory, "tasks"),
    network: ({ region, id, role }, groups) => {
      const source = ground.sources.ofGroups(region, groups);
      const environment = {
        ...processEnvironment(ground, url, region, source),
        ...(role !== undefined && holder(ground, role, id)),
      };
      return taskNetwork({ ...ground, source, environment, caFile: join(directory, "ca.pem") });
    },
    secret: async ({ region, id, role = "" }, valueFrom) => {
      const at = { region, service: "secretsmanager" };
      gatekeeper.admit(holderOf(role, id), "GetSecretValue", secretInput(valueFrom), at);
      return secretText(secrets, region, valueFrom);
    },
  });
}

/** Container tasks as state machines run them: by leave of the machine's role. */
const judged = (ecs: EcsService, gatekeeper: Gatekeeper): Tasks => ({
  run(region, input, by) {
    gatekeeper.admit(by, "RunTask", input, { region, service: "ecs" });
    return ecs.run(region, input);
  },
});

interface Fired {
  readonly lambda: Pick<LambdaService, "accept">;
  readonly states: Pick<StatesService, "start">;
}

/** What schedules fire at, by leave of the role that each takes on for it. */
const firingAt =
  ({ lambda, states }: Fired, gatekeeper: Gatekeeper) =>
  async (arn: string, payload: string, trace: string, role: string): Promise<void> => {
    const [, , service, region = "", , , name = ""] = arn.split(":");
    const action = service === "lambda" ? "lambda:InvokeFunction" : "states:StartExecution";
    const at = { region, service: "scheduler", trace };
    gatekeeper.check(holderOf(role, "scheduler"), [{ action, resource: arn }], at);
    if (service === "lambda") lambda.accept({ region, name, payload, trace });
    else states.start(arn, payload, trace);
  };

const rolesOf = (found: TaskDefinition | undefined) =>
  found && {
    arn: found.arn,
    roles: [found.taskRole, found.executionRole].filter((role) => role !== undefined),
  };
