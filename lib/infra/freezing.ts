import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  CfnSecurityGroupEgress,
  CfnSecurityGroupIngress,
  CfnVPCEndpoint,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  Peer,
  Port,
  SecurityGroup,
} from "aws-cdk-lib/aws-ec2";
import { CfnPullThroughCacheRule } from "aws-cdk-lib/aws-ecr";
import { CfnCluster } from "aws-cdk-lib/aws-ecs";
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import {
  FREEZE_CLUSTER,
  FREEZE_FUNCTION,
  type FreezeEnv,
  freezeRoles,
  frozenBucket,
} from "../../functions/freeze/contract.ts";
import { dumpedEngines } from "../sla/dump-formats.ts";
import { dumpedIn } from "../sla/dumps.ts";
import { portsOf } from "../sla/engine.ts";
import type { Frozen, Site } from "../sla/fleet.ts";
import { DATABASE_PORT } from "../sla/ingress.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import { acknowledgeIds, type Databases } from "./databases.ts";
import { freezeGrants } from "./freeze-grants.ts";
import { freezeTask, IMAGES } from "./freeze-task.ts";
import type { SiteProps } from "./site.ts";
import { explainWildcards } from "./wildcards.ts";

/** Where a VPC may have its addresses: an endpoint with a private name answers all of the VPC, not only us. */
const PRIVATE_NETWORKS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

interface FreezingProps {
  readonly site: SiteProps;
  readonly network: Site;
  readonly frozen: Frozen;
  readonly databases: Databases;
}

/** Dumps of restored backups into the frozen account's bucket, from inside the VPC without a way to the internet. */
export class Freezing extends Construct {
  readonly freeze: BundledFunction;
  /** Of the tasks. */
  readonly group: SecurityGroup;

  constructor(scope: Construct, id: string, { site, network, frozen, databases }: FreezingProps) {
    super(scope, id);
    acknowledgeIds(this);
    const { region } = site;
    const { account } = site.fleet.provider;
    const { instances, plans } = site.fleet;
    const dumped = instances.filter((each) => dumpedIn(each, plans[each.plan], frozen) === region);
    const engines = dumpedEngines(dumped);
    const grants = freezeGrants({ account, region, frozen, engines });
    const task = this.#role("TaskRole", account, grants.task, freezeRoles(region).task);
    const execution = this.#role("ExecutionRole", account, grants.execution);
    const log = new LogGroup(this, "Log", {
      logGroupName: `/aws/ecs/${FREEZE_CLUSTER}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new CfnCluster(this, "Cluster", {
      clusterName: FREEZE_CLUSTER,
      clusterSettings: [{ name: "containerInsights", value: "enabled" }],
    });
    new CfnPullThroughCacheRule(this, "Images", {
      ecrRepositoryPrefix: IMAGES,
      upstreamRegistry: "ecr-public",
      upstreamRegistryUrl: "public.ecr.aws",
    });
    for (const engine of engines)
      freezeTask(this, { engine, account, region, task, execution, log });
    this.group = this.#group(databases);
    for (const port of portsOf(dumped)) this.#open(port, network.quarantineGroup);
    this.#endpoints(databases, network, region);
    const environment: FreezeEnv = {
      FREEZE_SUBNETS: network.subnets.join(","),
      FREEZE_GROUP: this.group.securityGroupId,
      FROZEN_BUCKET: frozenBucket(frozen.account, region),
      FROZEN_DAYS: String(frozen.retainDays),
    };
    this.freeze = new BundledFunction(this, "Freeze", {
      name: FREEZE_FUNCTION,
      onlyAnswers: true,
      roleName: freezeRoles(region).function,
      bundles: site.bundles,
      description: "Begins dumps of restored backups and sees what became of them",
      environment: { ...environment },
      grants: [...grants.function, mayPass([task, execution])],
      timeout: Duration.seconds(60),
      memoryMb: 512,
    });
  }

  #role(id: string, account: string, grants: readonly PolicyStatement[], roleName?: string): Role {
    const role = new Role(this, id, {
      ...(roleName !== undefined && { roleName }),
      assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": account } },
      }),
      inlinePolicies: { grants: new PolicyDocument({ statements: [...grants] }) },
    });
    explainWildcards(
      role,
      grants.flatMap(({ resources }) => resources),
    );
    return role;
  }

  /** Tasks reach endpoints, and restored databases. */
  #group({ vpc, endpoints }: Databases): SecurityGroup {
    const group = new SecurityGroup(this, "Group", {
      vpc,
      description: "Freezing tasks of the SLA",
      allowAllOutbound: false,
    });
    // S3 has public addresses, though the way to them is the endpoint's; there is none to anybody else's.
    group.addEgressRule(Peer.anyIpv4(), Port.HTTPS, "Endpoints, and S3 through its gateway");
    endpoints.addIngressRule(group, Port.HTTPS, "Freezing tasks");
    return group;
  }

  /** Restored databases carry the group that nobody else is let into. */
  #open(port: number, quarantineGroup: string) {
    // Rules of fleets of PostgreSQL keep the names they were deployed with.
    const name = port === DATABASE_PORT ? "Restored" : `Restored${port}`;
    const way = {
      ...{ ipProtocol: "tcp", fromPort: port, toPort: port },
      description: "Freezing tasks of the SLA",
    };
    new CfnSecurityGroupEgress(this, `To${name}`, {
      ...way,
      groupId: this.group.securityGroupId,
      destinationSecurityGroupId: quarantineGroup,
    });
    new CfnSecurityGroupIngress(this, `Into${name}`, {
      ...way,
      groupId: quarantineGroup,
      sourceSecurityGroupId: this.group.securityGroupId,
    });
  }

  /** What Fargate needs to begin a task, and the way of the dump. */
  #endpoints({ vpc, subnets }: Databases, { vpc: vpcId, routeTables }: Site, region: string) {
    const group = new SecurityGroup(this, "EndpointGroup", {
      vpc,
      description: "ECR and log endpoints of the SLA",
      allowAllOutbound: false,
    });
    for (const range of PRIVATE_NETWORKS) {
      group.addIngressRule(Peer.ipv4(range), Port.HTTPS, "Whoever resolves their private names");
    }
    for (const [id, service] of Object.entries(ENDPOINTS)) {
      const own = { vpc, service, subnets: { subnets: [...subnets] }, open: false };
      new InterfaceVpcEndpoint(this, id, { ...own, securityGroups: [group] });
    }
    if (!routeTables) return;
    new CfnVPCEndpoint(this, "S3", {
      vpcId,
      vpcEndpointType: "Gateway",
      serviceName: `com.amazonaws.${region}.s3`,
      routeTableIds: [...routeTables],
    });
  }
}

const mayPass = (roles: readonly Role[]) =>
  allow(
    ["iam:PassRole"],
    roles.map(({ roleArn }) => roleArn),
    { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
  );

const ENDPOINTS = {
  Registry: InterfaceVpcEndpointAwsService.ECR,
  Layers: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
} as const;
