import { Annotations, Duration, Validations } from "aws-cdk-lib";
import {
  CfnSecurityGroupEgress,
  CfnSecurityGroupIngress,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type ISubnet,
  type IVpc,
  Port,
  SecurityGroup,
  Subnet,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { ADOPT_FUNCTION, CONTENT_FUNCTION, SQL_FUNCTION } from "../../functions/sql/contract.ts";
import { portsOf } from "../sla/engine.ts";
import type { Site } from "../sla/fleet.ts";
import { DATABASE_PORT } from "../sla/ingress.ts";
import { BundledFunction } from "./bundled-function.ts";
import type { FunctionName } from "./functions.ts";
import type { SiteProps } from "./site.ts";

const NO_ROUTES = "@aws-cdk/aws-ec2:noSubnetRouteTableId";
// Ids of VPC, subnets and groups are the provider's and stand in the fleet as they are; a fleet made for
// a rehearsal has short ones that AWS would never give.
const ID_FORMATS = ["E1150", "E1151", "E1154"].map((rule) => `CloudFormation-Validate::${rule}`);

export function acknowledgeIds(scope: Construct): void {
  for (const id of ID_FORMATS) Validations.of(scope).acknowledge({ id, reason: "see ID_FORMATS" });
}

interface Inside {
  readonly id: string;
  readonly does: string;
  readonly grants: readonly PolicyStatement[];
  readonly minutes: number;
}

/**
 * The only functions inside a VPC. They reach databases in service and fenced ones, and Secrets Manager
 * through an endpoint of its own; there is no way to the internet and none is needed.
 */
export class Databases extends Construct {
  readonly sql: BundledFunction;
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];
  /** Of the functions. */
  readonly group: SecurityGroup;
  /** Of the endpoint of Secrets Manager. */
  readonly endpoints: SecurityGroup;
  readonly content: BundledFunction;

  constructor(scope: Construct, id: string, props: SiteProps, network: Site) {
    super(scope, id);
    const vpc = Vpc.fromVpcAttributes(this, "Vpc", {
      vpcId: network.vpc,
      // Never used: subnets are named by id. CDK wants at least one zone.
      availabilityZones: [`${props.region}a`],
    });
    const subnets = network.subnets.map((subnet) => Subnet.fromSubnetId(this, subnet, subnet));
    for (const subnet of subnets) Annotations.of(subnet).acknowledgeWarning(NO_ROUTES, "unused");
    acknowledgeIds(this);
    const group = new SecurityGroup(this, "Group", {
      vpc,
      description: "sql functions of the SLA",
      allowAllOutbound: false,
    });
    const endpointGroup = new SecurityGroup(this, "EndpointGroup", {
      vpc,
      description: "Secrets Manager endpoint of the SLA",
      allowAllOutbound: false,
    });
    endpointGroup.addIngressRule(group, Port.HTTPS, "sql functions");
    group.addEgressRule(endpointGroup, Port.HTTPS, "Secrets Manager");
    for (const port of portsOf(props.fleet.instances)) {
      this.#open("InService", group, { databases: network.securityGroup, port });
      this.#open("Quarantined", group, { databases: network.quarantineGroup, port });
    }
    new InterfaceVpcEndpoint(this, "SecretsManager", {
      vpc,
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      subnets: { subnets },
      securityGroups: [endpointGroup],
      open: false,
    });
    this.vpc = vpc;
    this.group = group;
    this.subnets = subnets;
    this.endpoints = endpointGroup;
    // Lambda keeps the certificate authorities of RDS there; Node does not trust them unasked.
    const environment = { NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" };
    const inside = (name: FunctionName, its: Inside) =>
      new BundledFunction(this, its.id, {
        ...{ name, bundles: props.bundles, environment, memoryMb: 512, onlyAnswers: true },
        ...{ description: `${its.does}, inside the VPC`, grants: its.grants },
        ...{ timeout: Duration.minutes(its.minutes), network: { vpc, subnets, group } },
      });
    const { sql: speaking, restoring } = props.grants;
    const does = "Heartbeats, positions, severing and proof writes";
    this.sql = inside(SQL_FUNCTION, { id: "Sql", does, grants: speaking, minutes: 0.5 });
    const reads = "Reads restored databases from end to end";
    this.content = inside(CONTENT_FUNCTION, {
      ...{ id: "Content", does: reads, grants: restoring.content, minutes: 15 },
    });
    const adopts = "Gives restored databases the passwords of now";
    inside(ADOPT_FUNCTION, { id: "Adopt", does: adopts, grants: restoring.adopt, minutes: 2 });
  }

  /** Lets the function into databases that carry this group of the provider's. */
  #open(
    id: string,
    functions: SecurityGroup,
    { databases, port }: { readonly databases: string; readonly port: number },
  ) {
    // Rules of fleets of PostgreSQL keep the names they were deployed with.
    const name = port === DATABASE_PORT ? id : `${id}${port}`;
    const way = {
      ...{ ipProtocol: "tcp", fromPort: port, toPort: port },
      description: "SQL functions of the SLA",
    };
    new CfnSecurityGroupEgress(this, `To${name}`, {
      ...way,
      groupId: functions.securityGroupId,
      destinationSecurityGroupId: databases,
    });
    new CfnSecurityGroupIngress(this, `Into${name}`, {
      ...way,
      groupId: databases,
      sourceSecurityGroupId: functions.securityGroupId,
    });
  }
}
