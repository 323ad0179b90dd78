import { join } from "node:path";
import { httpApis } from "./api-gateway/http-apis.ts";
import { clientStacks } from "./client-stacks.ts";
import type { Ground } from "./cloud.ts";
import { type Deployment, deployAssembly } from "./cloudformation/deploy.ts";
import type { DeployTargets } from "./cloudformation/targets.ts";
import { distributions, type Served } from "./cloudfront/distributions.ts";
import type { Origin } from "./cloudfront/viewer.ts";
import { deployTargets, sparing } from "./deploy-targets.ts";
import type { Machines } from "./ec2/machines.ts";
import type { Balancers } from "./elb/service.ts";
import { forAnybody, forApis } from "./iam/behind.ts";
import { functionUrls } from "./lambda/function-urls.ts";
import type { LambdaService } from "./lambda/service.ts";
import { PostOffice } from "./mail/post-office.ts";
import { definitionsOf, type Parts, partsOf } from "./parts.ts";
import type { Rds } from "./rds/service.ts";
import type { Route53 } from "./route53/service.ts";
import type { S3 } from "./s3/service.ts";
import { WireServer } from "./wire/server.ts";
import type { ServiceDefinition } from "./wire/service.ts";

/** The services of one cloud, as far as somebody beside the wire needs them. */
export interface Services {
  readonly rds: Rds;
  readonly route53: Route53;
  readonly lambda: LambdaService;
  /** Load balancers, to be found by who looks for them. */
  readonly balancers: Pick<Balancers, "add">;
  /** Machines of EC2, likewise; and images from which none comes up. */
  readonly machines: Pick<Machines, "add" | "spoil">;
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
export const STACKS = /^Sla(Pages|Images|Vantage|Frozen)?-/;
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
  const parts = partsOf(ground, url, post);
  const served = (definition: ServiceDefinition) =>
    wire.add(ground.throttles.around(parts.gatekeeper.around(definition)));
  for (const definition of definitionsOf(parts)) served(definition);
  const { rds, route53, lambda, scheduler, states, ecs, ssm, balancers, machines } = parts;
  const doors = doorsOf(ground, parts);
  const targets = deployTargets({
    ...parts,
    secretsManager: parts.secrets,
    lambda: { ...lambda, expose: doors.expose, hide: doors.hide },
    parameters: ssm.parameters,
    httpApis: doors.apis,
    distributions: doors.edges,
    groups: ground.groups,
    subnetGroups: rds.subnetGroups,
    policies: ground.policies,
  });
  const { stacks, deploy } = stacksOf(ground, parts, targets);
  served(stacks.definition);
  return {
    url,
    services: {
      ...{ rds, route53, lambda, balancers, machines, deploy },
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
function stacksOf(ground: Ground, parts: Parts, targets: DeployTargets) {
  const { sns, sts } = parts;
  const fromDisk = new Set<string>();
  const stacks = clientStacks({
    ...{ ...parts, targets, directory: ground.directory, accountOf: sts.accountOf },
    definitions: definitionsOf(parts),
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
function doorsOf(ground: Ground, { lambda, s3, gatekeeper }: Parts) {
  const { account } = ground;
  const isCutOff = (region: string) => ground.cutOff.has(region);
  const options = { ...ground, isCutOff };
  const urls = functionUrls({ ...options, functions: forAnybody(lambda, gatekeeper, account) });
  const apis = httpApis({
    ...{ ...options, functions: forApis(lambda, gatekeeper, account) },
    addressOf: (host) => ground.dns.addressOf(host),
  });
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
