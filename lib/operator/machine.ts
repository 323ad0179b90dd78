import {
  DescribeExecutionCommand,
  type HistoryEvent,
  paginateGetExecutionHistory,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { clientSettings, perRegion } from "../../functions/aws/clients.ts";
import { answered, errorName } from "../../functions/aws/cloud-errors.ts";
import { FAILOVER_MACHINE, type FailoverRequest } from "../../functions/failover/contract.ts";
import {
  REPROTECT_MACHINE,
  type ReprotectRequest,
} from "../../functions/failover/reprotect-contract.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import { RECOVER_MACHINE, type RecoverRequest } from "../../functions/recover/contract.ts";
import { RESTORE_TEST_MACHINE, type RestoreTestRequest } from "../../functions/restore/contract.ts";
import { IMAGE_TEST_MACHINE } from "../../functions/restore/image-contract.ts";
import { UserError } from "../cli/user-error.ts";

/** The machines of all sites. */
export interface Machines {
  /** Answers the ARN of the execution. Throws UserError if the site has no machine. */
  start(region: string, name: string, request: FailoverRequest): Promise<string>;
  /** Likewise the machine that builds a new standby. */
  startReprotect(region: string, name: string, request: ReprotectRequest): Promise<string>;
  /** Likewise the machine that proves a backup of that region, or an image. */
  startTest(
    region: string,
    name: string,
    request: RestoreTestRequest,
    of?: "images",
  ): Promise<string>;
  /** Likewise the machine that brings an instance back from what that region keeps. */
  startRecovery(region: string, name: string, request: RecoverRequest): Promise<string>;
  describe(execution: string): Promise<Execution>;
  /** Ends a wait for a task token; what comes of it the ledger says. */
  wake(region: string, token: string): Promise<void>;
  /** All events so far, oldest first. */
  history(execution: string): Promise<readonly HistoryEvent[]>;
}

export interface Execution {
  readonly isRunning: boolean;
  readonly succeeded: boolean;
  readonly request: FailoverRequest;
}

const NO_MACHINE = new Set(["StateMachineDoesNotExist", "StateMachineDeleting"]);

export function stepFunctions({ account, clock }: { account: string; clock: Clock }): Machines {
  const clients = perRegion((region) => new SFNClient(clientSettings(clock, { region })));
  const begin = async (machine: string, region: string, name: string, request: object) => {
    const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:${machine}`;
    const input = JSON.stringify(request);
    try {
      const command = new StartExecutionCommand({ stateMachineArn, name, input });
      const call = clients(region).send(command);
      const { executionArn } = await answered(`start ${name} in ${region}`, call);
      return executionArn ?? `${stateMachineArn.replace("stateMachine", "execution")}:${name}`;
    } catch (cause) {
      if (!NO_MACHINE.has(errorName(cause) ?? "")) throw cause;
      const message = `${region}: there is no ${machine}; deploy the site (npm run deploy)`;
      throw new UserError(message, 2, { cause });
    }
  };
  return {
    start: (region, name, request) => begin(FAILOVER_MACHINE, region, name, request),

    startReprotect: (region, name, request) => begin(REPROTECT_MACHINE, region, name, request),

    startTest: (region, name, request, of) =>
      begin(of ? IMAGE_TEST_MACHINE : RESTORE_TEST_MACHINE, region, name, request),

    startRecovery: (region, name, request) => begin(RECOVER_MACHINE, region, name, request),

    async describe(executionArn) {
      const call = clients(regionOf(executionArn)).send(
        new DescribeExecutionCommand({ executionArn }),
      );
      const { status, input = "{}" } = await answered(`describe ${executionArn}`, call);
      return {
        isRunning: status === "RUNNING" || status === "PENDING_REDRIVE",
        succeeded: status === "SUCCEEDED",
        request: JSON.parse(input) as FailoverRequest,
      };
    },

    async wake(region, taskToken) {
      const call = clients(region).send(new SendTaskSuccessCommand({ taskToken, output: "{}" }));
      await answered(`wake a failover in ${region}`, call);
    },

    async history(executionArn) {
      const client = clients(regionOf(executionArn));
      const pages = paginateGetExecutionHistory({ client }, { executionArn });
      const all = await answered(`read what ${executionArn} did`, Array.fromAsync(pages));
      return all.flatMap(({ events = [] }) => events);
    },
  };
}

const regionOf = (arn: string) => arn.split(":")[3] ?? "";
