import { randomUUID } from "node:crypto";
import type {
  CreateStateMachineInput,
  DeleteStateMachineInput,
  DescribeExecutionInput,
  GetExecutionHistoryInput,
  ListExecutionsInput,
  SendTaskFailureInput,
  SendTaskHeartbeatInput,
  SendTaskSuccessInput,
  StartExecutionInput,
  StopExecutionInput,
} from "@aws-sdk/client-sfn";
import { AwsError, type Operation } from "../wire/service.ts";
import { describeExecution, describeMachine, listExecution, listMachine } from "./describe.ts";
import type { Execution } from "./execution.ts";
import { pageOf } from "./page.ts";
import { DefinitionRefused } from "./parse.ts";
import type { States } from "./service.ts";

interface Start {
  readonly machineArn: string;
  readonly input: string;
  readonly name: string | undefined;
  readonly trace: string | undefined;
}

/** The operations by name, and StartExecution without the wire. */
export function operations(states: States) {
  const start = (call: Start) => startExecution(states, call);
  const wire: Record<string, Operation> = {
    StartExecution: async (input: StartExecutionInput, context) => {
      const execution = start({
        machineArn: String(input.stateMachineArn),
        input: input.input ?? "{}",
        name: input.name,
        trace: input.traceHeader ?? context.trace,
      });
      return { executionArn: execution.by.arn, startDate: execution.startedAt };
    },
    StopExecution: async ({ executionArn, error, cause }: StopExecutionInput) => {
      const execution = find(states, executionArn);
      execution.stop(error ?? "", cause ?? "");
      await execution.ended;
      return { stopDate: execution.ending?.at };
    },
    DescribeExecution: async ({ executionArn }: DescribeExecutionInput) =>
      describeExecution(find(states, executionArn)),
    GetExecutionHistory: async (input: GetExecutionHistoryInput) => {
      const events = find(states, input.executionArn).history.all();
      const ordered = input.reverseOrder ? events.toReversed() : events;
      const { items, nextToken } = pageOf(ordered, input);
      return { events: items, nextToken };
    },
    ListExecutions: async (input: ListExecutionsInput) => {
      const all = [...states.executions.values()]
        .filter(({ machine }) => machine.arn === machineOf(states, input.stateMachineArn).arn)
        .map(listExecution)
        .filter(({ status }) => input.statusFilter === undefined || status === input.statusFilter);
      const { items, nextToken } = pageOf(all.toReversed(), input);
      return { executions: items, nextToken };
    },
    ...machineOperations(states),
    ...tokenOperations(states),
  };
  return { wire, start };
}

function machineOperations(states: States): Record<string, Operation> {
  return {
    CreateStateMachine: async (input: CreateStateMachineInput, { region }) => {
      const { arn, createdAt } = createMachine(states, region, input);
      return { stateMachineArn: arn, creationDate: createdAt };
    },
    DescribeStateMachine: async ({ stateMachineArn }: { stateMachineArn?: string }) =>
      describeMachine(machineOf(states, stateMachineArn)),
    // Executions that run go on to their end, as on AWS.
    DeleteStateMachine: async ({ stateMachineArn = "" }: DeleteStateMachineInput) => {
      states.machines.delete(stateMachineArn);
      return {};
    },
    ListStateMachines: async (input, { region }) => {
      const here = [...states.machines.values()].filter((machine) => machine.region === region);
      const { items, nextToken } = pageOf(here.map(listMachine), input);
      return { stateMachines: items, nextToken };
    },
  };
}

function tokenOperations({ tokens }: States): Record<string, Operation> {
  return {
    SendTaskSuccess: async ({ taskToken, output }: SendTaskSuccessInput) => {
      tokens.succeed(String(taskToken), String(output));
      return {};
    },
    SendTaskFailure: async ({ taskToken, error, cause }: SendTaskFailureInput) => {
      tokens.fail(String(taskToken), error, cause);
      return {};
    },
    SendTaskHeartbeat: async ({ taskToken }: SendTaskHeartbeatInput) => {
      tokens.beat(String(taskToken));
      return {};
    },
  };
}

/** The same once more is the machine there is; another one of its name is refused. */
function createMachine(states: States, region: string, input: CreateStateMachineInput) {
  const { name = "", definition = "", roleArn = "" } = input;
  const known = [...states.machines.values()].find((each) => {
    return each.region === region && each.name === name;
  });
  if (known?.source === definition && known.roleArn === roleArn) return known;
  if (known) {
    const message = `State Machine Already Exists: '${known.arn}'`;
    throw new AwsError("StateMachineAlreadyExists", message);
  }
  try {
    return states.deploy({ region, name, definition, roleArn });
  } catch (cause) {
    if (!(cause instanceof DefinitionRefused)) throw cause;
    throw new AwsError("InvalidDefinition", `Invalid State Machine Definition: ${cause.message}`);
  }
}

/** The same name and input while it runs is the same execution; a name is never used again. */
function startExecution(states: States, { machineArn, input, name, trace }: Start): Execution {
  const machine = machineOf(states, machineArn);
  checkInput(input);
  const chosen = name ?? randomUUID();
  if (!/^[\w.-]{1,80}$/.test(chosen)) {
    throw new AwsError(
      "InvalidName",
      `Invalid Name: '${chosen}', expected 1 to 80 of A-Z a-z 0-9 . _ -`,
    );
  }
  const arn = `${machine.arn.replace(":stateMachine:", ":execution:")}:${chosen}`;
  const known = states.executions.get(arn);
  if (known && !known.ending && sameJson(known.by.input, input)) return known;
  if (known) throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
  const execution = states.begin(machine, { arn, name: chosen, input, trace });
  states.executions.set(arn, execution);
  return execution;
}

function checkInput(input: string): void {
  try {
    JSON.parse(input);
  } catch {
    throw new AwsError(
      "InvalidExecutionInput",
      `Invalid State Machine Execution Input: not a JSON text`,
    );
  }
}

const sameJson = (one: string, other: string) =>
  JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));

function machineOf(states: States, arn: string | undefined) {
  const machine = states.machines.get(String(arn));
  if (machine) return machine;
  throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
}

function find(states: States, arn: string | undefined): Execution {
  const execution = states.executions.get(String(arn));
  if (execution) return execution;
  throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
}
