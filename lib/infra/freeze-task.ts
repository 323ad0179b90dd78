import { CfnTaskDefinition } from "aws-cdk-lib/aws-ecs";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { CONTAINERS, FREEZE_TASK, taskFamily } from "../../functions/freeze/contract.ts";
import { RESTORE_SECRET } from "../../functions/restore/contract.ts";
import type { DumpedEngine } from "../sla/dump-formats.ts";
import { AUTHORITIES, DUMPS, UPLOAD } from "./freeze-scripts.ts";
import { rdsAuthorities } from "./rds-authorities.ts";

/** Below this prefix of the account's own registry are images of AWS's public one, as they are asked for. */
export const IMAGES = "sla-public";
interface Image {
  readonly repository: string;
  readonly tag: string;
}

/** Each dumps servers of its own version and of older ones; archives of PostgreSQL want a `pg_restore` no older than itself. */
const DUMP_IMAGES = {
  postgres: { repository: "docker/library/postgres", tag: "17" },
  mariadb: { repository: "docker/library/mariadb", tag: "11.8" },
  mysql: { repository: "docker/library/mysql", tag: "8.4" },
} as const satisfies Record<DumpedEngine, Image>;
const AWS_CLI = { repository: "aws-cli/aws-cli", tag: "2.32.9" } as const satisfies Image;

/** Whose images tasks of these engines are begun with. */
export const repositoriesOf = (engines: readonly DumpedEngine[]): readonly string[] =>
  [...engines.map((engine) => DUMP_IMAGES[engine]), AWS_CLI].map(
    ({ repository }) => `${IMAGES}/${repository}`,
  );

/** By which environment variable clients take a password. */
const PASSWORDS = {
  ...{ postgres: "PGPASSWORD", mariadb: "MYSQL_PWD", mysql: "MYSQL_PWD" },
} as const satisfies Record<DumpedEngine, string>;

const VOLUME = "stream";
const PATH = "/stream";

interface FreezeTaskProps {
  /** Of the databases that it dumps. */
  readonly engine: DumpedEngine;
  readonly account: string;
  readonly region: string;
  readonly task: Role;
  readonly execution: Role;
  readonly log: LogGroup;
}

/** Two public images and no own one: the first dumps into a pipe, the second sends what comes out of it to S3. */
export function freezeTask(scope: Construct, props: FreezeTaskProps): CfnTaskDefinition {
  const { engine, account, region, task, execution } = props;
  const secret = `arn:aws:secretsmanager:${region}:${account}:secret:${RESTORE_SECRET}:password::`;
  return new CfnTaskDefinition(scope, TASK_IDS[engine], {
    family: taskFamily(engine),
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
        ...container(props, CONTAINERS.dump, DUMP_IMAGES[engine], DUMPS[engine]),
        secrets: [{ name: PASSWORDS[engine], valueFrom: secret }],
        ...(engine !== "postgres" && {
          environment: [{ name: AUTHORITIES, value: rdsAuthorities(region) }],
        }),
      },
      container(props, CONTAINERS.upload, AWS_CLI, UPLOAD),
    ],
  });
}

/** That of PostgreSQL keeps the name it was deployed with. */
const TASK_IDS = { postgres: "Task", mariadb: "MariadbTask", mysql: "MysqlTask" } as const;

const container = (
  { account, region, log }: FreezeTaskProps,
  name: string,
  { repository, tag }: Image,
  script: string,
) => ({
  name,
  image: `${account}.dkr.ecr.${region}.amazonaws.com/${IMAGES}/${repository}:${tag}`,
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
