import { Validations } from "aws-cdk-lib";
import type { Role } from "aws-cdk-lib/aws-iam";

/** Every resource with a wildcard that a role of ours may name, and why there is nothing narrower. */
const REASONS: readonly (readonly [resource: RegExp, why: string])[] = [
  [
    /^arn:aws:s3:::sla-ledger-\d{12}-[a-z0-9-]+\/\*$/,
    "Reads the whole ledger of a site: what it needs next is decided by what it has read.",
  ],
  [
    /^arn:aws:s3:::sla-ledger-\d{12}-[a-z0-9-]+\/[a-z-]+\/\*$/,
    "Reads or writes one folder of a ledger; keys are made of instances and instants.",
  ],
  [
    /^arn:aws:s3:::sla-ledger-\d{12}-[a-z0-9-]+\/reports\/\*\/published\.json\.gz$/,
    "Marks of months that are out: months to come have names that nobody knows yet.",
  ],
  [
    /^arn:aws:s3:::(sla-ledger|sla-frozen)-\d{12}-[a-z0-9-]+\/(mirrors|seals)\/[a-z0-9-]+\/\*$/,
    "Days of one site, as another ledger and the frozen bucket keep them: one object for each.",
  ],
  [
    /^arn:aws:ses:[a-z0-9-]+:\d{12}:identity\/\*$/,
    "Mails of one sender only: SES asks for recipients as well, where those are identities themselves.",
  ],
  [
    /^arn:aws:s3:::sla-files-\d{12}-[a-z0-9-]+\/[a-z]+\/\*$/,
    "One folder of the replicas: keys are those of the provider's files.",
  ],
  [
    /^arn:aws:s3:::(?!sla-)[a-z0-9.-]+\/.*\*$/,
    "s3:GetObject only: the files below a filestore that the fleet names.",
  ],
  [
    /^arn:aws:s3:::sla-status-\d{12}-[a-z0-9-]+\/(c\/)?\*$/,
    "Writes pages of the world, deletes those of customers: their addresses are secret, so no policy can name them.",
  ],
  [
    /^arn:aws:kms:\*:\d{12}:key\/\*$/,
    "kms:Decrypt by S3 only, for objects of the filestores: their bucket says by which key, in which region.",
  ],
  [
    /^arn:aws:rds:[a-z0-9-]+:\d{12}:db:\*$/,
    "Lists of a region, which have no narrower resource and change nothing; and in a fleet too large for a policy to name each database, those with our tag, and any as the source of a copy.",
  ],
  [
    /^arn:aws:states:[a-z0-9-]+:\d{12}:execution:sla-(failover|reprotect|recover|leave|game-day):\*$/,
    "states:DescribeExecution only, of our own machines: its executions are named after failures to come.",
  ],
  [
    /^arn:aws:rds:[a-z0-9-]+:\d{12}:db:([a-z0-9-]+|\*)-slar?\*$/,
    "Standbys that this product builds after a failover, and databases that it brings back: the epoch at the end of their names is yet to come.",
  ],
  [
    /^arn:aws:rds:[a-z0-9-]*:\d{12}:(cluster|global-cluster):\*$/,
    "rds:DescribeDBClusters and rds:DescribeGlobalClusters only: lists that have no narrower resource and change nothing.",
  ],
  [
    /^arn:aws:rds:[a-z0-9-]+:\d{12}:snapshot:\*$/,
    "rds:DescribeDBSnapshots only: a list of a region has no narrower resource, and it changes nothing.",
  ],
  [
    /^arn:aws:rds:[a-z0-9-]+:\d{12}:snapshot:sla-\*$/,
    "Backups that this product takes: their names hold instants that are yet to come.",
  ],
  [
    /^arn:aws:rds:[a-z0-9-]+:\d{12}:db:sla-test-\*$/,
    "Databases that this product restores for a test: their names hold instants that are yet to come.",
  ],
  [
    /^arn:aws:rds:[a-z0-9-]+:\d{12}:auto-backup:\*$/,
    "Automated backups of the fleet's databases: RDS gives them their names. None of these actions deletes one.",
  ],
  [
    /^arn:aws:rds:[a-z0-9-]+:\d{12}:(og|subgrp):\*$/,
    "rds:CreateDBInstanceReadReplica, rds:CopyDBSnapshot and rds:RestoreDBInstance… only: they take the groups that the original has.",
  ],
  [
    /^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/\*$/,
    "By RDS, or by EC2 for images, which use the key that a database, a disk or a backup has there; to describe one is all that is allowed beside.",
  ],
  [
    /^arn:aws:ec2:[a-z0-9-]+::(image|snapshot)\/\*$/,
    "Images of machines and what they consist of: EC2 gives the ids. Only what has our tag is started or deleted; tags are given to what is being made, and to images of ours those of tests.",
  ],
  [
    /^arn:aws:ec2:[a-z0-9-]+:\d{12}:instance\/\*$/,
    "ec2:CreateImage, of machines that have a tag by which the fleet names them; and machines that are started from images for a test, which have a tag of ours from their beginning: nobody starts or ends any other.",
  ],
  [
    /^arn:aws:ec2:[a-z0-9-]+:\d{12}:(volume|network-interface)\/\*$/,
    "Disks and interfaces of machines that are started for a test, in one subnet: EC2 gives the ids.",
  ],
  [
    /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:(\*\/[^*/]+|[^*/]+\/\*)(-\?{6})?$/,
    "Secrets of databases of one region in a fleet too large for a policy to name each: those of one folder, or of one ending.",
  ],
  [
    /^arn:aws:route53:::hostedzone\/\*$/,
    "Zones in a fleet too large for a policy to name each: records of the fleet's names are read and, by those who move them, changed.",
  ],
  [
    /^arn:aws:route53:::change\/\*$/,
    "route53:GetChange only: Route 53 gives the ids, and it reads.",
  ],
  [
    /^arn:aws:route53:::healthcheck\/\*$/,
    "route53:GetHealthCheckStatus only: Route 53 gives the ids, and it reads.",
  ],
  [
    /^arn:aws:s3:::sla-frozen-\d{12}-[a-z0-9-]+\/\*(\/[a-z]+\.[a-z]+)?$/,
    "One kind of file, or reading them all: folders are named after instances, backups and attempts to come.",
  ],
  [
    /^arn:aws:ecs:[a-z0-9-]+:\d{12}:(task-definition\/sla-freeze(-(mariadb|mysql))?:|task\/sla-freeze\/)\*$/,
    "Runs the newest revisions of its own tasks and looks at tasks of its own cluster: ECS gives numbers and ids.",
  ],
  [
    /^arn:aws:logs:[a-z0-9-]+:\d{12}:log-group:\/aws\/ecs\/sla-freeze:\*$/,
    "Streams of its own log group: they are named after tasks to come.",
  ],
  [
    /^\*$/,
    "Actions of a service that knows no resource for them: lists of health checks, regions, machines and their images, quotas, networks and their groups, network interfaces of Lambda, deliveries of logs and traces of Step Functions, tokens of ECR.",
  ],
];

/** Undefined: there is none. */
export const reasonFor = (resource: string): string | undefined =>
  REASONS.find(([pattern]) => pattern.test(resource))?.[1];

/** Says to cdk-nag why a role names wildcards; one that has no reason here stays a finding. */
export function explainWildcards(role: Role, resources: readonly string[]): void {
  for (const resource of new Set(resources)) {
    const reason = reasonFor(resource);
    const id = `AwsSolutions-IAM5[Resource::${resource}]`;
    if (reason !== undefined) Validations.of(role).acknowledge({ id, reason });
  }
}
