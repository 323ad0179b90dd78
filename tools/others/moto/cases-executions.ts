import { CreateKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateStateMachineCommand,
  ListExecutionsCommand,
  SFNClient,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { kmsKeys } from "../../../functions/aws/kms-keys.ts";
import { stepFunctionsExecutions } from "../../../functions/aws/sfn-executions.ts";
import { sfnReprotects } from "../../../functions/aws/sfn-reprotects.ts";
import { sfnRestoreTests } from "../../../functions/aws/sfn-restore-tests.ts";
import { stepFunctionsWaker } from "../../../functions/aws/sfn-waker.ts";
import {
  REPROTECT_MACHINE,
  type ReprotectRequest,
} from "../../../functions/failover/reprotect-contract.ts";
import { RESTORE_TEST_MACHINE } from "../../../functions/restore/contract.ts";
import { ACCOUNT, type Case, ELSEWHERE, HERE, nameOfError } from "./case.ts";

const here = { account: ACCOUNT, region: HERE };
const clientIn = (region: string) => new SFNClient({ region });

/** Waits in its first state until somebody stops it. */
const WAITS = JSON.stringify({
  ...{ QueryLanguage: "JSONata", StartAt: "Rest" },
  States: { Rest: { Type: "Wait", Seconds: 600, End: true } },
});

async function machine(region: string, name: string): Promise<string> {
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/machine`;
  const command = new CreateStateMachineCommand({ name, definition: WAITS, roleArn });
  return (await clientIn(region).send(command)).stateMachineArn ?? "";
}

async function executions(region: string, stateMachineArn: string) {
  const command = new ListExecutionsCommand({ stateMachineArn });
  return (await clientIn(region).send(command)).executions ?? [];
}

const reprotect = (epoch: number): ReprotectRequest => ({
  ...{ instance: "acme", incident: "inc-1", epoch, trigger: "failover", reason: "cases" },
});

const EXECUTIONS: readonly Case[] = [
  {
    name: "an execution runs once by its name, however often it is begun, and its name is never used again",
    by: "Step Functions API, StartExecution: idempotent for the same name and input while it runs; ExecutionAlreadyExists",
    expected: [1, true, false, 1],
    async run(clock) {
      const arn = await machine(ELSEWHERE, REPROTECT_MACHINE);
      const { start } = sfnReprotects({ account: ACCOUNT, clock });
      for (const _ of [1, 2]) await start(ELSEWHERE, reprotect(1));
      const begun = await executions(ELSEWHERE, arn);
      const executionArn = begun[0]?.executionArn ?? "";
      const { isRunning } = stepFunctionsExecutions(clock);
      const running = await isRunning(executionArn);
      await clientIn(ELSEWHERE).send(new StopExecutionCommand({ executionArn }));
      const stopped = await isRunning(executionArn);
      await start(ELSEWHERE, reprotect(1));
      return [begun.length, running, stopped, (await executions(ELSEWHERE, arn)).length];
    },
  },
  {
    name: "an execution that runs is not begun again with another input",
    by: "Step Functions API, StartExecution: ExecutionAlreadyExists",
    expected: 1,
    async run(clock) {
      const arn = await machine(HERE, REPROTECT_MACHINE);
      const { start } = sfnReprotects({ account: ACCOUNT, clock });
      await start(HERE, reprotect(2));
      await start(HERE, { ...reprotect(2), reason: "another" });
      return (await executions(HERE, arn)).length;
    },
  },
  {
    name: "a restore test cannot begin without its machine; with it, it begins",
    by: "Step Functions API, StartExecution: StateMachineDoesNotExist",
    expected: ["later", "accepted"],
    async run(clock) {
      const begin = sfnRestoreTests(clock, here);
      const request = { tests: [{ id: "sla-acme-1", instance: "acme" }] };
      const before = await begin(request);
      await machine(HERE, RESTORE_TEST_MACHINE);
      const after = await begin(request);
      return [...before.outcomes, ...after.outcomes].map(({ answer }) => answer);
    },
  },
  {
    name: "nobody is woken by a token that nobody waits for",
    by: "Step Functions API, SendTaskSuccess: InvalidToken",
    expected: "InvalidToken",
    run: (clock) => nameOfError(stepFunctionsWaker(clock).wake("none")),
  },
];

export const EXECUTION_CASES: readonly Case[] = [
  ...EXECUTIONS,
  {
    name: "a key is enabled until somebody disables it",
    by: "KMS API, DescribeKey: KeyState",
    expected: [{ state: "Enabled" }, { state: "Disabled" }],
    async run(clock) {
      const client = new KMSClient({ region: HERE });
      const { KeyMetadata } = await client.send(new CreateKeyCommand({ Description: "cases" }));
      const KeyId = KeyMetadata?.KeyId ?? "";
      const keys = kmsKeys(clock, { region: HERE });
      const before = await keys.look(KeyId);
      await client.send(new DisableKeyCommand({ KeyId }));
      return [before, await keys.look(KeyId)];
    },
  },
];
