import { CfnTaskDefinition } from "aws-cdk-lib/aws-ecs";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { CONTAINERS, FREEZE_TASK } from "../../functions/freeze/contract.ts";
import { RESTORE_SECRET } from "../../functions/restore/contract.ts";
import { DUMP, UPLOAD } from "./freeze-scripts.ts";

/** Below this prefix of the account's own registry are images of AWS's public one, as they are asked for. */
export const IMAGES = "sla-public";
/** Dumps servers of its own major version and of older ones; its archives want a `pg_restore` no older than itself. */
export const POSTGRES_IMAGE = "docker/library/postgres";
export const AWS_CLI_IMAGE = "aws-cli/aws-cli";
const TAGS = { [POSTGRES_IMAGE]: "17", [AWS_CLI_IMAGE]: "2.32.9" } as const;

const VOLUME = "stream";
const PATH = "/stream";

interface FreezeTaskProps {
  readonly account: string;
  readonly region: string;
  readonly task: Role;
  readonly execution: Role;
  readonly log: LogGroup;
}

/** Two public images and no own one: the first dumps into a pipe, the second sends what comes out of it to S3. */
export function freezeTask(scope: Construct, props: FreezeTaskProps): CfnTaskDefinition {
  const { account, region, task, execution } = props;
  const secret = `arn:aws:secretsmanager:${region}:${account}:secret:${RESTORE_SECRET}:password::`;
  return new CfnTaskDefinition(scope, "Task", {
    family: FREEZE_TASK,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
    cpu: "1024",
    // Parts of an upload wait in memory, of 128 MiB each.
    memory: "4096",
    taskRoleArn: task.roleArn,
    executionRoleArn: execution.roleArn,
    volumes: [{ name: VOLUME }],
    containerDefinitions: [
      {
        ...container(props, CONTAINERS.dump, POSTGRES_IMAGE, DUMP),
        secrets: [{ name: "PGPASSWORD", valueFrom: secret }],
      },
      container(props, CONTAINERS.upload, AWS_CLI_IMAGE, UPLOAD),
    ],
  });
}

const container = (
  { account, region, log }: FreezeTaskProps,
  name: string,
  image: keyof typeof TAGS,
  script: string,
) => ({
  name,
  image: `${account}.dkr.ecr.${region}.amazonaws.com/${IMAGES}/${image}:${TAGS[image]}`,
  // The end of either ends the task: neither waits for ever for one that is gone.
  essential: true,
  entryPoint: ["bash", "-c"],
  command: [script],
  workingDirectory: PATH,
  mountPoints: [{ sourceVolume: VOLUME, containerPath: PATH, readOnly: false }],
  readonlyRootFilesystem: true,
  linuxParameters: { initProcessEnabled: true },
  logConfiguration: {
    logDriver: "awslogs",
    options: {
      "awslogs-group": log.logGroupName,
      "awslogs-region": region,
      "awslogs-stream-prefix": FREEZE_TASK,
    },
  },
});
