import { createHash } from "node:crypto";
import { type Creation, type Creator, nameOf } from "../creation.ts";

/**
 * Resources that are taken note of and have no effect here: the local cloud enforces no IAM and
 * encrypts nothing. Others can still refer to them.
 */
const iam =
  (property: string, resource: string): Creator =>
  (creation) => {
    const name = nameOf(creation, property);
    return {
      ref: name,
      attributes: { Arn: `arn:aws:iam::${creation.account}:${resource}/${name}`, RoleId: name },
    };
  };

const policy: Creator = (creation) => ({ ref: nameOf(creation, "PolicyName") });

const byName =
  (service: string, property: string, resource: string): Creator =>
  (creation) => {
    const name = nameOf(creation, property);
    const { region, account } = creation;
    return {
      ref: name,
      attributes: { Arn: `arn:aws:${service}:${region}:${account}:${resource}${name}` },
    };
  };

const key: Creator = (creation) => {
  const digest = createHash("sha256").update(nameOf(creation, "")).digest("hex");
  const id = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
  const { region, account } = creation;
  return { ref: id, attributes: { KeyId: id, Arn: `arn:aws:kms:${region}:${account}:key/${id}` } };
};

const queue: Creator = (creation) => {
  const name = nameOf(creation, "QueueName");
  const { region, account } = creation;
  return {
    ref: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
    attributes: { QueueName: name, Arn: `arn:aws:sqs:${region}:${account}:${name}` },
  };
};

const nothing: Creator = ({ logicalId }: Creation) => ({ ref: logicalId });

export const RECORDED: Readonly<Record<string, Creator>> = {
  "AWS::IAM::Role": iam("RoleName", "role"),
  "AWS::IAM::Policy": policy,
  "AWS::IAM::ManagedPolicy": policy,
  "AWS::Logs::LogGroup": byName("logs", "LogGroupName", "log-group:"),
  "AWS::Scheduler::ScheduleGroup": byName("scheduler", "Name", "schedule-group/"),
  "AWS::KMS::Key": key,
  "AWS::KMS::Alias": (creation) => ({ ref: nameOf(creation, "AliasName") }),
  "AWS::SQS::Queue": queue,
  "AWS::SQS::QueuePolicy": nothing,
  "AWS::S3::BucketPolicy": nothing,
  "AWS::SNS::TopicPolicy": nothing,
  "AWS::Lambda::Permission": nothing,
  // The gates of the local cloud judge who comes in, not who goes out.
  "AWS::EC2::SecurityGroupEgress": nothing,
  "AWS::EC2::VPCEndpoint": nothing,
  // Images are not pulled here.
  "AWS::ECR::PullThroughCacheRule": nothing,
  "AWS::ECR::Repository": byName("ecr", "RepositoryName", "repository/"),
  "AWS::CDK::Metadata": nothing,
};
