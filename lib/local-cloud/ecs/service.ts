import * as client from "@aws-sdk/client-ecs";
import type { CallContext, ServiceDefinition } from "../wire/service.ts";
import {
  type Books,
  checkedWish,
  checkOverrides,
  clusterIn,
  countIn,
  definitionIn,
  findTask,
  invalid,
  peekDefinition,
} from "./books.ts";
import { type TaskDefinition, taskDefinition } from "./definition.ts";
import { Task, type TaskOptions } from "./task.ts";
import { clusterArn, taskView } from "./view.ts";

export interface EcsService {
  readonly definition: ServiceDefinition;
  /** Returns the ARN. */
  createCluster(region: string, name: string): string;
  /** Returns the ARN of the new revision. @throws Error for what would have to be ignored */
  register(region: string, definition: client.RegisterTaskDefinitionRequest): string;
  /** For Step Functions: RunTask, and a way to wait for what it began. @throws AwsError */
  run(region: string, input: client.RunTaskRequest): RunningTasks;
  /** By family, `family:revision` or ARN; undefined: there is none. */
  find(region: string, reference: string): TaskDefinition | undefined;
  close(): Promise<void>;
}

export interface RunningTasks {
  readonly answer: client.RunTaskResponse;
  /** Resolves with the description of the first task when it has stopped. */
  readonly ended: Promise<client.Task>;
  stop(reason: string): void;
}

/** ECS as far as a task is run once: containers are programs of this machine. */
export function ecsService(options: TaskOptions): EcsService {
  const { account } = options;
  const books: Books = { clusters: new Set(), definitions: new Map(), tasks: [], begun: new Map() };
  const begin = (region: string, input: client.RunTaskRequest) => {
    const token = `${region}/${input.clientToken}`;
    const before = input.clientToken ? books.begun.get(token) : undefined;
    if (before) return before;
    const wish = checkedWish(books, region, input);
    const definition = definitionIn(books, region, input.taskDefinition ?? "");
    checkOverrides(definition, input);
    const begun = Array.from({ length: countIn(input) }, () => new Task(definition, wish, options));
    books.tasks.push(...begun);
    if (input.clientToken) books.begun.set(token, begun);
    return begun;
  };
  return {
    createCluster(region, name) {
      books.clusters.add(`${region}/${name}`);
      return clusterArn(account, region, name);
    },
    register(region, input) {
      const key = `${region}/${input.family}`;
      const before = books.definitions.get(key) ?? [];
      const made = taskDefinition(input, { region, account, revision: before.length + 1 });
      books.definitions.set(key, [...before, made]);
      return made.arn;
    },
    find: (region, reference) => peekDefinition(books, region, reference),
    run(region, input) {
      const tasks = begin(region, input);
      const [first] = tasks as readonly [Task];
      return {
        answer: answerOf(tasks, account),
        ended: first.ended.then(() => taskView(first, account)),
        stop: (reason) => {
          for (const task of tasks) task.stop(reason);
        },
      };
    },
    definition: { name: "ecs", client, operations: operations(books, account, begin) },
    async close() {
      for (const task of books.tasks) task.stop("the local cloud is shut down");
      await Promise.all(books.tasks.map(({ ended }) => ended));
    },
  };
}

function operations(
  books: Books,
  account: string,
  begin: (region: string, input: client.RunTaskRequest) => readonly Task[],
) {
  return {
    async RunTask(input: client.RunTaskRequest, { region }: CallContext) {
      return answerOf(begin(region, input), account);
    },

    // Tasks that run go on; nothing new begins there.
    async DeleteCluster(input: client.DeleteClusterRequest, { region }: CallContext) {
      const name = clusterIn(books, region, input.cluster);
      books.clusters.delete(`${region}/${name}`);
      return { cluster: { clusterArn: clusterArn(account, region, name), status: "INACTIVE" } };
    },

    async DescribeTasks(input: client.DescribeTasksRequest, { region }: CallContext) {
      const cluster = clusterIn(books, region, input.cluster);
      const wanted = input.tasks ?? [];
      const found = wanted.map((task) => findTask(books, region, cluster, task));
      return {
        tasks: found.flatMap((task) => (task ? [taskView(task, account)] : [])),
        failures: wanted
          .filter((_, index) => found[index] === undefined)
          .map((arn) => ({ arn, reason: "MISSING" })),
      };
    },

    async StopTask(input: client.StopTaskRequest, { region }: CallContext) {
      const cluster = clusterIn(books, region, input.cluster);
      const task = findTask(books, region, cluster, input.task ?? "");
      if (!task) throw invalid("The referenced task was not found.");
      task.stop(input.reason ?? "Task stopped by a user");
      return { task: taskView(task, account) };
    },
  };
}

const answerOf = (tasks: readonly Task[], account: string) => ({
  tasks: tasks.map((task) => taskView(task, account)),
  failures: [],
});
