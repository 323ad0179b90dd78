import type { DeployedMachine, Execution } from "./execution.ts";

/** Executions and machines in the words of the API. */
export const listExecution = ({ by, machine, startedAt, ending }: Execution) => ({
  executionArn: by.arn,
  stateMachineArn: machine.arn,
  name: by.name,
  status: ending?.how.status ?? "RUNNING",
  startDate: startedAt,
  stopDate: ending?.at,
});

export const describeExecution = (execution: Execution) => ({
  ...listExecution(execution),
  ...execution.ending?.how,
  input: execution.by.input,
  inputDetails: { included: true },
  traceHeader: execution.by.trace,
  redriveCount: 0,
  redriveStatus: "NOT_REDRIVABLE",
});

export const listMachine = ({ arn, name, createdAt }: DeployedMachine) => ({
  stateMachineArn: arn,
  name,
  type: "STANDARD",
  creationDate: createdAt,
});

export const describeMachine = (machine: DeployedMachine) => ({
  ...listMachine(machine),
  status: "ACTIVE",
  definition: machine.source,
  roleArn: machine.roleArn,
});
