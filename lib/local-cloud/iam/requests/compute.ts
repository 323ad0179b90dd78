import type { DescribeTasksRequest, RunTaskRequest, StopTaskRequest } from "@aws-sdk/client-ecs";
import type { Ask } from "../evaluate.ts";
import { type Place, type Row, type Rows, rowsOf } from "./row.ts";

/** A function by its name, by `account:function:name` or by its ARN, each with or without a version. */
export function functionArn({ region, account }: Place, given: string): string {
  if (given.startsWith("arn:")) return given;
  const [, name = given] = /(?:^|:)function:(.+)$/.exec(given) ?? [];
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

const onFunction =
  (action: string): Row =>
  ({ FunctionName = "", Qualifier }, place) => {
    const arn = functionArn(place, String(FunctionName));
    const resource = Qualifier === undefined ? arn : `${arn}:${Qualifier}`;
    return [{ action: `lambda:${action}`, resource }];
  };

export const LAMBDA: Rows = {
  Invoke: onFunction("InvokeFunction"),
  GetFunction: onFunction("GetFunction"),
  GetFunctionConfiguration: onFunction("GetFunctionConfiguration"),
  GetFunctionUrlConfig: onFunction("GetFunctionUrlConfig"),
  ...rowsOf("lambda", ["ListFunctions", "GetAccountSettings"]),
};

const byArn =
  (action: string, member: string): Row =>
  (input: Readonly<Record<string, string | undefined>>) => [
    { action: `states:${action}`, resource: input[member] ?? "" },
  ];

/** Who answers for a task needs leave for its machine; a token that nobody waits for is nobody's. */
const withToken =
  (action: string): Row =>
  ({ taskToken = "" }, { facts }) => [
    { action: `states:${action}`, resource: facts.machineOfToken(String(taskToken)) ?? "*" },
  ];

export const STATES: Rows = {
  StartExecution: byArn("StartExecution", "stateMachineArn"),
  StopExecution: byArn("StopExecution", "executionArn"),
  DescribeExecution: byArn("DescribeExecution", "executionArn"),
  GetExecutionHistory: byArn("GetExecutionHistory", "executionArn"),
  ListExecutions: byArn("ListExecutions", "stateMachineArn"),
  DescribeStateMachine: byArn("DescribeStateMachine", "stateMachineArn"),
  SendTaskSuccess: withToken("SendTaskSuccess"),
  SendTaskFailure: withToken("SendTaskFailure"),
  SendTaskHeartbeat: withToken("SendTaskHeartbeat"),
  ...rowsOf("states", ["ListStateMachines"]),
};

const clusterArn = ({ region, account }: Place, cluster = "default") =>
  cluster.startsWith("arn:") ? cluster : `arn:aws:ecs:${region}:${account}:cluster/${cluster}`;

const taskArn = (place: Place, cluster = "default", task = "") =>
  task.startsWith("arn:")
    ? task
    : `arn:aws:ecs:${place.region}:${place.account}:task/${cluster.split("/").at(-1)}/${task}`;

/** Whoever runs a task hands it its roles. */
const runTask: Row = (input: RunTaskRequest, place) => {
  const reference = input.taskDefinition ?? "";
  const { arn = reference, roles = [] } = place.facts.taskDefinition(place.region, reference) ?? {};
  return [
    {
      action: "ecs:RunTask",
      resource: arn,
      context: { "ecs:cluster": clusterArn(place, input.cluster) },
    },
    ...roles.map((role) => passRole(role, "ecs-tasks.amazonaws.com")),
  ];
};

const passRole = (role: string, service: string): Ask => ({
  action: "iam:PassRole",
  resource: role,
  context: { "iam:passedtoservice": service },
});

const onTask = (action: string, place: Place, cluster: string | undefined, task = ""): Ask => ({
  action: `ecs:${action}`,
  resource: taskArn(place, cluster, task),
  context: { "ecs:cluster": clusterArn(place, cluster) },
});

export const ECS: Rows = {
  RunTask: runTask,
  DescribeTasks: ({ cluster, tasks = [] }: DescribeTasksRequest, place) =>
    tasks.map((task) => onTask("DescribeTasks", place, cluster, task)),
  StopTask: ({ cluster, task }: StopTaskRequest, place) => [
    onTask("StopTask", place, cluster, task),
  ],
};
