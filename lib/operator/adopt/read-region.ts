import {
  EC2Client,
  paginateDescribeInstances,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
} from "@aws-sdk/client-ec2";
import {
  DescribeTagsCommand,
  type DescribeTagsCommandOutput,
  ElasticLoadBalancingV2Client,
  paginateDescribeLoadBalancers,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type DBInstance, paginateDescribeDBInstances, RDSClient } from "@aws-sdk/client-rds";
import { paginateListSecrets, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { inBatches } from "../../../functions/aws/batches.ts";
import { clientSettings } from "../../../functions/aws/clients.ts";
import { seatOf } from "../../../functions/aws/rds-seats.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import type {
  BalancerSurvey,
  DatabaseSurvey,
  GroupSurvey,
  MachineSurvey,
  RegionSurvey,
  SubnetSurvey,
} from "./survey.ts";

/** Runs a reading, or notes what is missing without it. */
export type Attempt = <T>(
  what: string,
  reading: () => Promise<readonly T[]>,
) => Promise<readonly T[]>;

interface Reading {
  readonly clock: Clock;
  readonly attempt: Attempt;
  /** Of the region: also where it holds no database. */
  readonly isThorough: boolean;
}

/** What one region shows, with read-only calls. Never rejects for one of them. */
export async function readRegion(
  region: string,
  { clock, attempt, isThorough }: Reading,
): Promise<RegionSurvey> {
  const settings = clientSettings(clock, { region, answerSeconds: 20 });
  const rds = new RDSClient(settings);
  const ec2 = new EC2Client(settings);
  const balancing = new ElasticLoadBalancingV2Client(settings);
  const secrets = new SecretsManagerClient(settings);
  try {
    const databases = await attempt(`databases of ${region}`, () => databasesIn(rds));
    // Most regions of the world hold none: five calls each would be asked for nothing.
    const isUsed = isThorough || databases.length > 0;
    const ifUsed = <T>(what: string, reading: () => Promise<readonly T[]>) =>
      isUsed ? attempt(`${what} of ${region}`, reading) : Promise.resolve([]);
    const [balancers, machines, names, groups, subnets] = await Promise.all([
      ifUsed("load balancers", () => balancersIn(balancing)),
      ifUsed("machines", () => machinesIn(ec2)),
      ifUsed("names of secrets", () => secretsIn(secrets)),
      ifUsed("security groups", () => groupsIn(ec2)),
      ifUsed("subnets", () => subnetsIn(ec2)),
    ]);
    return { region, databases, balancers, machines, secrets: names, groups, subnets };
  } finally {
    for (const client of [rds, ec2, balancing, secrets]) client.destroy();
  }
}

async function databasesIn(client: RDSClient): Promise<readonly DatabaseSurvey[]> {
  const pages = await Array.fromAsync(paginateDescribeDBInstances({ client, pageSize: 100 }, {}));
  return pages.flatMap(({ DBInstances = [] }) => DBInstances).flatMap(databaseOf);
}

export function databaseOf(found: DBInstance): readonly DatabaseSurvey[] {
  const { Engine: engine, EngineVersion: version = "", DBName, DBClusterIdentifier } = found;
  const { DBSubnetGroup, TagList = [] } = found;
  if (!engine) return [];
  return seatOf(found).map(({ instanceClass: _class, replication: _replication, ...seat }) => ({
    ...{ ...seat, engine, version },
    ...(DBName && { databaseName: DBName }),
    ...(DBClusterIdentifier && { cluster: DBClusterIdentifier }),
    hasManagedSecret: found.MasterUserSecret !== undefined,
    subnets: (DBSubnetGroup?.Subnets ?? []).flatMap((each) => each.SubnetIdentifier ?? []),
    tags: tagsOf(TagList),
  }));
}

/** AWS names a balancer's tags apart from it, twenty balancers a call. */
const BALANCERS_A_CALL = 20;

async function balancersIn(
  client: ElasticLoadBalancingV2Client,
): Promise<readonly BalancerSurvey[]> {
  const pages = await Array.fromAsync(paginateDescribeLoadBalancers({ client }, {}));
  const all = pages.flatMap(({ LoadBalancers = [] }) => LoadBalancers);
  const arns = all.flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? []);
  const described = await inBatches(
    BALANCERS_A_CALL,
    arns,
    async (ResourceArns): Promise<Pick<DescribeTagsCommandOutput, "TagDescriptions">> =>
      ResourceArns.length === 0
        ? {}
        : client.send(new DescribeTagsCommand({ ResourceArns: [...ResourceArns] })),
  );
  const tags = new Map(
    described
      .flatMap(({ TagDescriptions = [] }) => TagDescriptions)
      .map(({ ResourceArn = "", Tags = [] }) => [ResourceArn, tagsOf(Tags)]),
  );
  return all.flatMap(({ LoadBalancerName: name, DNSName, LoadBalancerArn = "" }) => {
    const host = DNSName?.toLowerCase();
    return name && host ? [{ name, host, tags: tags.get(LoadBalancerArn) ?? {} }] : [];
  });
}

async function machinesIn(client: EC2Client): Promise<readonly MachineSurvey[]> {
  const there = { Name: "instance-state-name", Values: ["running", "stopping", "stopped"] };
  const pages = await Array.fromAsync(paginateDescribeInstances({ client }, { Filters: [there] }));
  return pages
    .flatMap(({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances))
    .flatMap(({ InstanceId: id, Tags = [] }) => (id ? [{ id, tags: tagsOf(Tags) }] : []));
}

async function secretsIn(client: SecretsManagerClient): Promise<readonly string[]> {
  const pages = await Array.fromAsync(paginateListSecrets({ client, pageSize: 100 }, {}));
  return pages.flatMap(({ SecretList = [] }) => SecretList).flatMap(({ Name }) => Name ?? []);
}

async function groupsIn(client: EC2Client): Promise<readonly GroupSurvey[]> {
  const pages = await Array.fromAsync(paginateDescribeSecurityGroups({ client }, {}));
  return pages
    .flatMap(({ SecurityGroups = [] }) => SecurityGroups)
    .flatMap(({ GroupId: id, VpcId: vpc, GroupName: name = "", IpPermissions = [], ...rest }) => {
      const { Description: description = "" } = rest;
      return id && vpc ? [{ id, vpc, name, description, isOpen: IpPermissions.length > 0 }] : [];
    });
}

async function subnetsIn(client: EC2Client): Promise<readonly SubnetSurvey[]> {
  const pages = await Array.fromAsync(paginateDescribeSubnets({ client }, {}));
  return pages
    .flatMap(({ Subnets = [] }) => Subnets)
    .flatMap(({ SubnetId: id, VpcId: vpc, AvailabilityZone: zone = "" }) =>
      id && vpc ? [{ id, vpc, zone }] : [],
    );
}

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export const tagsOf = (tags: readonly Tag[]) =>
  Object.fromEntries(tags.flatMap(({ Key, Value = "" }) => (Key ? [[Key, Value]] : [])));
