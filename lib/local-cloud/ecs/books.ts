import type { RunTaskRequest } from "@aws-sdk/client-ecs";
import { AwsError } from "../wire/service.ts";
import type { TaskDefinition } from "./definition.ts";
import type { Task } from "./task.ts";

/** What ECS knows, of all regions. */
export interface Books {
  /** `region/name` */
  readonly clusters: Set<string>;
  /** By `region/family`, oldest first. */
  readonly definitions: Map<string, TaskDefinition[]>;
  readonly tasks: Task[];
  /** By `region/clientToken`: a call repeated with its token begins nothing more. */
  readonly begun: Map<string, readonly Task[]>;
}

const KNOWN = [
  ...["cluster", "taskDefinition", "count", "launchType", "networkConfiguration", "overrides"],
  ...["startedBy", "clientToken", "platformVersion", "propagateTags", "tags", "group"],
  ...["enableECSManagedTags", "enableExecuteCommand"],
];
const MOST_TASKS = 10;

export const invalid = (message: string) => new AwsError("InvalidParameterException", message, 400);

/** @throws AwsError ClusterNotFoundException */
export function clusterIn({ clusters }: Books, region: string, reference = "default"): string {
  const name = reference.split("/").at(-1) ?? "";
  if (clusters.has(`${region}/${name}`)) return name;
  throw new AwsError("ClusterNotFoundException", "Cluster not found.", 400);
}

/** By family, `family:revision` or ARN; undefined: there is none. */
export function peekDefinition({ definitions }: Books, region: string, reference: string) {
  const [family = "", revision] = (reference.split("/").at(-1) ?? "").split(":");
  const all = definitions.get(`${region}/${family}`) ?? [];
  return revision === undefined ? all.at(-1) : all[Number(revision) - 1];
}

/** By family, `family:revision` or ARN. @throws AwsError ClientException */
export function definitionIn(books: Books, region: string, reference: string): TaskDefinition {
  const found = peekDefinition(books, region, reference);
  if (found) return found;
  throw new AwsError("ClientException", "TaskDefinition not found.", 400);
}

export const findTask = ({ tasks }: Books, region: string, cluster: string, reference: string) =>
  tasks.find(
    ({ arn, id, definition, wish }) =>
      (arn === reference || id === reference) &&
      definition.region === region &&
      wish.cluster === cluster,
  );

export function countIn({ count = 1 }: RunTaskRequest): number {
  if (Number.isInteger(count) && count >= 1 && count <= MOST_TASKS) return count;
  throw invalid(`count should be from 1 to ${MOST_TASKS}, got ${count}.`);
}

export function checkedWish(books: Books, region: string, input: RunTaskRequest) {
  const unknown = Object.entries(input)
    .filter(([name, value]) => value !== undefined && !KNOWN.includes(name))
    .map(([name]) => name);
  if (unknown.length > 0) {
    throw invalid(`RunTask: the local cloud does not simulate ${unknown.join(", ")}.`);
  }
  return {
    cluster: clusterIn(books, region, input.cluster),
    groups: input.networkConfiguration?.awsvpcConfiguration?.securityGroups ?? [],
    overrides: input.overrides ?? {},
    startedBy: input.startedBy,
  };
}

export function checkOverrides(definition: TaskDefinition, input: RunTaskRequest): void {
  if (definition.networkMode === "awsvpc" && !input.networkConfiguration?.awsvpcConfiguration) {
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  for (const { name } of input.overrides?.containerOverrides ?? []) {
    if (definition.containers.some((container) => container.name === name)) continue;
    throw invalid(`Override for container named ${name} is not a container in the TaskDefinition.`);
  }
}
