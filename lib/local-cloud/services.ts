import { join } from "node:path";
import { httpApis } from "./api-gateway/http-apis.ts";
import { clientStacks } from "./client-stacks.ts";
import type { Ground } from "./cloud.ts";
import { type Deployment, deployAssembly } from "./cloudformation/deploy.ts";
import type { DeployTargets } from "./cloudformation/targets.ts";
import { distributions, type Served } from "./cloudfront/distributions.ts";
import type { Origin } from "./cloudfront/viewer.ts";
import { cloudwatchService } from "./cloudwatch/service.ts";
import { deployTargets, sparing } from "./deploy-targets.ts";
import { ImageBook } from "./ec2/image-book.ts";
import { Machines } from "./ec2/machines.ts";
import { ec2Service } from "./ec2/service.ts";
import { taskNetwork } from "./ecs/network.ts";
import { secretText } from "./ecs/secrets.ts";
import { ecsService } from "./ecs/service.ts";
import { type Balancers, balancersService } from "./elb/service.ts";
import { kmsService } from "./kms/service.ts";
import type { FunctionSpec } from "./lambda/function.ts";
import { functionUrls } from "./lambda/function-urls.ts";
import { type LambdaService, lambdaService } from "./lambda/service.ts";
import { PostOffice } from "./mail/post-office.ts";
import { type Rds, rdsService } from "./rds/service.ts";
import { type Route53, route53Service } from "./route53/service.ts";
import { type S3, s3Service } from "./s3/service.ts";
import { schedulerService } from "./scheduler/service.ts";
import { secretsManagerService } from "./secrets-manager/service.ts";
import { sesService } from "./ses/service.ts";
import { snsService } from "./sns/service.ts";
import { ssmService } from "./ssm/service.ts";
import { statesService } from "./states/service.ts";
import { stsService } from "./sts/service.ts";
import { WireServer } from "./wire/server.ts";

/** The services of one cloud, as far as somebody beside the wire needs them. */
export interface Services {
  readonly rds: Rds;
  readonly route53: Route53;
  readonly lambda: LambdaService;
  /** Load balancers, to be found by who looks for them. */
  readonly balancers: Pick<Balancers, "add">;
  /** Machines of EC2, likewise. */
  readonly machines: Pick<Machines, "add">;
  functionUrl(region: string, name: string): string | undefined;
  /** Of an HTTP API. */
  apiEndpoint(region: string, name: string): string | undefined;
  /** What CloudFront serves. */
  distributions(): readonly Served[];
  /** Deploys a cdk.out; e-mail subscriptions are confirmed as if by click. */
  deploy(assembly: string): Promise<Deployment>;
  /** From now on schedules fire. */
  startSchedules(): void;
  stopSchedules(): void;
  close(): Promise<void>;
}

/** Stacks of this product; whatever else an assembly holds is not deployed. */
export const STACKS = /^Sla(Pages|Vantage|Frozen)?-/;
/** Of them, those that belong to another account: this cloud is one account, whose names are all its own. */
export const FOREIGN_STACKS = /^SlaFrozen-/;

export interface Opened {
  readonly services: Services;
  /** The AWS endpoint. */
  readonly url: string;
}

export async function openServices(ground: Ground, port: number): Promise<Opened> {
  const wire = new WireServer({
    log: ground.log,
    isCutOff: (region) => ground.cutOff.has(region),
    isSilent: (service, region) => ground.silent.covers(service, region),
  });
  const url = await wire.listen("127.0.0.1", port);
  const post = new PostOffice({ log: ground.log, directory: join(ground.directory, "mails") });
  const { machines, ...parts } = partsOf(ground, url, post);
  for (const { definition } of Object.values(parts)) wire.add(ground.throttles.around(definition));
  const { rds, route53, lambda, scheduler, states, ecs, ssm } = parts;
  const doors = doorsOf(ground, lambda, parts.s3);
  const targets = deployTargets({
    ...parts,
    secretsManager: parts.secrets,
    lambda: { ...lambda, expose: doors.expose, hide: doors.hide },
    parameters: ssm.parameters,
    httpApis: doors.apis,
    distributions: doors.edges,
    groups: ground.groups,
    subnetGroups: rds.subnetGroups,
  });
  const { stacks, deploy } = stacksOf(ground, parts, targets);
  wire.add(ground.throttles.around(stacks.definition));
  return {
    url,
    services: {
      rds,
      route53,
      lambda,
      balancers: parts.balancers,
      machines,
      deploy,
      startSchedules: () => scheduler.start(),
      stopSchedules: () => scheduler.stop(),
      functionUrl: doors.urls.urlOf,
      apiEndpoint: doors.apis.endpointOf,
      distributions: doors.edges.all,
      async close() {
        scheduler.stop();
        doors.urls.close();
        doors.apis.close();
        doors.edges.close();
        await states.close();
        await ecs.close();
        await lambda.close();
        await stacks.close();
        route53.close();
        await post.settled();
        await rds.close();
        await wire.close();
      },
    },
  };
}

/** Stacks are read from disk, or deployed by clients. */
function stacksOf(
  ground: Ground,
  parts: Omit<ReturnType<typeof partsOf>, "machines">,
  targets: DeployTargets,
) {
  const { sns, sts } = parts;
  const fromDisk = new Set<string>();
  const stacks = clientStacks({
    ...{ ...parts, targets, directory: ground.directory, accountOf: sts.accountOf },
    definitions: Object.values(parts).map(({ definition }) => definition),
    isFromDisk: (name, region) => fromDisk.has(`${region}/${name}`),
    confirmSubscriptions: sns.confirmAll,
  });
  const deploy = async (directory: string) => {
    const deployment = await deployAssembly({
      ...{ directory, account: ground.account, services: sparing(targets) },
      ...{ stacks: STACKS, foreign: FOREIGN_STACKS },
    });
    for (const { name, region } of deployment.stacks) fromDisk.add(`${region}/${name}`);
    sns.confirmAll();
    return deployment;
  };
  return { stacks, deploy };
}

/** Where functions and buckets answer requests of the world. */
function doorsOf(ground: Ground, lambda: LambdaService, s3: S3) {
  const isCutOff = (region: string) => ground.cutOff.has(region);
  const options = { ...ground, functions: lambda, isCutOff };
  const urls = functionUrls(options);
  const apis = httpApis({ ...options, addressOf: (host) => ground.dns.addressOf(host) });
  const edges = distributions({ ...options, origin: originIn(s3) });
  const expose = async (region: string, name: string) => {
    const exposed = await urls.expose(region, name);
    lambda.showUrl(region, name, exposed);
    return exposed;
  };
  const hide = (region: string, name: string) => {
    urls.hide(region, name);
    lambda.showUrl(region, name, undefined);
  };
  return { urls, apis, edges, expose, hide };
}

const originIn =
  ({ definition }: S3): Origin =>
  async (region, Bucket, Key) =>
    (await definition.operations["GetObject"]?.(
      { Bucket, Key },
      {
        ...{ region, requestId: "cloudfront" },
      },
    )) as Awaited<ReturnType<Origin>>;

function partsOf(ground: Ground, url: string, post: PostOffice) {
  const { log, pace, guard, account, credentials, dns, directory } = ground;
  const { secretAccessKey } = credentials;
  const environment = (fn: FunctionSpec) => functionEnvironment(ground, url, fn);
  const lambda = lambdaService({ log, pace, guard, environment });
  const secrets = secretsManagerService({ account });
  const sts = stsService({ account, secretAccessKey });
  const ecs = ecsService({
    ...{ log, pace, guard, account },
    directory: join(directory, "tasks"),
    network: (region, groups) => {
      const source = ground.sources.ofGroups(region, groups);
      const environment = processEnvironment(ground, url, region, source);
      return taskNetwork({ ...ground, source, environment, caFile: join(directory, "ca.pem") });
    },
    secret: (region, valueFrom) => secretText(secrets.definition, region, valueFrom),
  });
  const rds = rdsService({ ...ground, hostNames: dns, directory: join(directory, "databases") });
  const machines = new Machines();
  const images = new ImageBook({
    ...{ machines, log, keys: rds.keys },
    isCutOff: (region) => ground.cutOff.has(region),
  });
  const functions = ground.throttles.aroundFunctions(lambda);
  const states = statesService({ log, pace, account, functions, tasks: ecs });
  const targets = async (arn: string, payload: string, trace: string) => {
    const [, , service, region = "", , , name = ""] = arn.split(":");
    if (service === "lambda") lambda.accept({ region, name, payload, trace });
    else states.start(arn, payload, trace);
  };
  return {
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

/** What connects a function's process to this cloud, and to nothing else. */
function functionEnvironment(ground: Ground, url: string, { region, vpc }: FunctionSpec) {
  const { sources } = ground;
  const source = vpc ? sources.ofGroups(region, vpc.securityGroups) : sources.ofRegion(region);
  return processEnvironment(ground, url, region, source);
}

function processEnvironment(ground: Ground, url: string, region: string, source: string) {
  const { credentials, pace, clientEnvironment } = ground;
  return {
    ...clientEnvironment(source),
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    SLA_PACE: String(pace.factor),
  };
}
