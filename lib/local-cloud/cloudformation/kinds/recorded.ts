import { type Creation, type Creator, nameOf } from "../creation.ts";

/** Resources that are taken note of and have no effect here. Others can still refer to them. */
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

/** CloudFormation's ARN of a log group covers its streams. */
const logGroup: Creator = (creation) => {
  const name = nameOf(creation, "LogGroupName");
  const { region, account } = creation;
  return {
    ref: name,
    attributes: { Arn: `arn:aws:logs:${region}:${account}:log-group:${name}:*` },
  };
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
  "AWS::Logs::LogGroup": logGroup,
  "AWS::Scheduler::ScheduleGroup": byName("scheduler", "Name", "schedule-group/"),
  "AWS::KMS::Alias": (creation) => ({ ref: nameOf(creation, "AliasName") }),
  "AWS::SQS::Queue": queue,
  "AWS::SQS::QueuePolicy": nothing,
  // The gates of the local cloud judge who comes in, not who goes out.
  "AWS::EC2::SecurityGroupEgress": nothing,
  "AWS::EC2::VPCEndpoint": nothing,
  // Images are not pulled here.
  "AWS::ECR::PullThroughCacheRule": nothing,
  "AWS::ECR::Repository": byName("ecr", "RepositoryName", "repository/"),
  "AWS::CDK::Metadata": nothing,
};
