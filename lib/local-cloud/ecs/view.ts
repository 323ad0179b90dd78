import type { Container, Task as Described } from "@aws-sdk/client-ecs";
import type { Task } from "./task.ts";

export const clusterArn = (account: string, region: string, name: string) =>
  `arn:aws:ecs:${region}:${account}:cluster/${name}`;

/** What the API tells about a task. */
export function taskView(task: Task, account: string): Described {
  const { definition, wish } = task;
  const { region } = definition;
  return {
    taskArn: task.arn,
    clusterArn: clusterArn(account, region, wish.cluster),
    taskDefinitionArn: definition.arn,
    group: `family:${definition.family}`,
    launchType: "FARGATE",
    platformVersion: "1.4.0",
    platformFamily: "Linux",
    availabilityZone: `${region}a`,
    cpu: definition.cpu,
    memory: definition.memory,
    connectivity: "CONNECTED",
    createdAt: task.createdAt,
    lastStatus: task.status,
    desiredStatus: task.isWanted ? "RUNNING" : "STOPPED",
    overrides: wish.overrides,
    containers: containersOf(task),
    ...(wish.startedBy !== undefined && { startedBy: wish.startedBy }),
    ...(task.startedAt && { startedAt: task.startedAt }),
    ...(task.stopCode && { stopCode: task.stopCode, stoppedReason: task.stoppedReason }),
    ...(task.stoppedAt && { stoppedAt: task.stoppedAt }),
    attachments: [],
    attributes: [],
    tags: [],
    version: 1,
  };
}

const containersOf = (task: Task): Container[] =>
  task.containers.map(({ spec, exitCode, reason }) => ({
    containerArn: task.arn.replace(":task/", ":container/").concat("/", spec.name),
    taskArn: task.arn,
    name: spec.name,
    image: spec.image,
    lastStatus: exitCode === undefined && task.status !== "STOPPED" ? task.status : "STOPPED",
    networkInterfaces: [],
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
  }));
