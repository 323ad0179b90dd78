import * as client from "@aws-sdk/client-sfn";
import type { EventLog } from "../event-log.ts";
import type { Functions } from "../lambda/function.ts";
import type { Pace } from "../pace.ts";
import type { ServiceDefinition } from "../wire/service.ts";
import { type DeployedMachine, Execution, type StartedBy } from "./execution.ts";
import { operations } from "./operations.ts";
import { parseDefinition } from "./parse.ts";
import type { Tasks } from "./tasks.ts";
import { TaskTokens } from "./tokens.ts";

export interface StatesOptions {
  readonly log: EventLog;
  readonly pace: Pace;
  /** Twelve digits. */
  readonly account: string;
  readonly functions: Functions;
  readonly tasks?: Tasks;
  /** From 0 to 1, for the jitter of retries. */
  readonly random?: () => number;
}

export interface MachineSpec {
  readonly region: string;
  readonly name: string;
  /** Amazon States Language, JSONata. */
  readonly definition: string;
  readonly roleArn?: string;
}

export interface StatesService {
  readonly definition: ServiceDefinition;
  /** Returns the ARN. Throws `DefinitionRefused` for what this interpreter does not run. */
  deploy(machine: MachineSpec): string;
  /** StartExecution for the cloud's own use: schedules. Idempotent by name like the operation. */
  start(machineArn: string, input: string, trace?: string, name?: string): Execution;
  executions(): readonly Execution[];
  /** Of a task token that somebody waits for: ARN of the state machine. */
  machineOfToken(token: string): string | undefined;
  /** Stops what still runs. */
  close(): Promise<void>;
}

/** State shared by the operations: machines and executions by ARN. */
export interface States {
  readonly machines: Map<string, DeployedMachine>;
  readonly executions: Map<string, Execution>;
  readonly tokens: TaskTokens;
  readonly begin: (machine: DeployedMachine, by: StartedBy) => Execution;
  /** @throws DefinitionRefused */
  readonly deploy: (machine: MachineSpec) => DeployedMachine;
}

/** Step Functions, standard workflows in JSONata. */
export function statesService(options: StatesOptions): StatesService {
  const { account, random = Math.random, ...surroundings } = options;
  const tokens = new TaskTokens();
  const states: States = {
    machines: new Map(),
    executions: new Map(),
    tokens,
    begin: (machine, by) => new Execution(machine, by, { ...surroundings, tokens, random }),
    deploy({ region, name, definition: source, roleArn = `arn:aws:iam::${account}:role/${name}` }) {
      const arn = `arn:aws:states:${region}:${account}:stateMachine:${name}`;
      const definition = parseDefinition(source, name);
      const createdAt = new Date();
      const machine = { region, name, arn, roleArn, source, definition, createdAt };
      states.machines.set(arn, machine);
      return machine;
    },
  };
  const table = operations(states);
  return {
    definition: { name: "states", client, operations: table.wire },
    deploy: (machine) => states.deploy(machine).arn,
    start: (machineArn, input, trace, name) => table.start({ machineArn, input, trace, name }),
    executions: () => [...states.executions.values()],
    machineOfToken: (token) => tokens.machineOf(token),
    async close() {
      const running = [...states.executions.values()].filter(({ ending }) => !ending);
      for (const execution of running) execution.stop("Closed", "the local cloud is shut down");
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
}
