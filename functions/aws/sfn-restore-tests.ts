import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { Clock } from "../kernel/clock.ts";
import type { BackupAnswer, Outcome } from "../reconcile/contract.ts";
import {
  RESTORE_TEST_MACHINE,
  type RestoreTestRequest,
  restoreTestName,
  type TestRequest,
} from "../restore/contract.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";

interface Here {
  readonly account: string;
  readonly region: string;
}

/** Begins restore tests in the own region; one that cannot begin now is asked for by the next pass. */
export function sfnRestoreTests(
  clock: Clock,
  { account, region }: Here,
  machine = RESTORE_TEST_MACHINE,
): (request: TestRequest) => Promise<BackupAnswer> {
  const client = new SFNClient(clientSettings(clock, { region }));
  const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:${machine}`;
  const begin = async (request: RestoreTestRequest): Promise<Outcome> => {
    const { backup: id } = request;
    const name = restoreTestName(request, clock.now());
    const input = JSON.stringify(request);
    try {
      const call = client.send(new StartExecutionCommand({ stateMachineArn, name, input }));
      await answered(`begin ${name}`, call);
      return { id, answer: "accepted" };
    } catch (cause) {
      if (errorName(cause) === "ExecutionAlreadyExists") return { id, answer: "already" };
      if (!(cause instanceof Error)) throw cause;
      return { id, answer: "later", said: `${cause.name}: ${cause.message}` };
    }
  };
  return async ({ tests }) => ({
    outcomes: await Promise.all(
      tests.map(({ id, instance }) => begin({ instance, backup: id, trigger: "schedule" })),
    ),
  });
}
