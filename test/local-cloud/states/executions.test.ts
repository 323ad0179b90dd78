import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import { expect, onTestFinished, test, vi } from "vitest";
import { WireServer } from "../../../lib/local-cloud/wire/server.ts";
import { type Answers, REGION, run, world } from "./fixture.ts";

const wait = (Seconds: number) => ({
  StartAt: "W",
  States: { W: { Type: "Wait", Seconds, End: true } },
});
const ask = {
  StartAt: "Ask",
  States: {
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Arguments: { FunctionName: "ask", Payload: { token: "{% $states.context.Task.Token %}" } },
      HeartbeatSeconds: 3600,
      TimeoutSeconds: 7200,
      End: true,
    },
  },
};

async function wired(definition: object, answers: Answers = {}, pace?: number) {
  const { states, log } = world(answers, pace);
  const text = JSON.stringify({ QueryLanguage: "JSONata", ...definition });
  const stateMachineArn = states.deploy({ region: REGION, name: "m", definition: text });
  const server = new WireServer({ log });
  server.add(states.definition);
  const endpoint = await server.listen("127.0.0.1", 0);
  const credentials = { accessKeyId: "AKIALOCALCLOUD000000", secretAccessKey: "local" };
  const client = new SFNClient({ endpoint, region: REGION, credentials });
  onTestFinished(() => server.close());
  onTestFinished(() => states.close());
  onTestFinished(() => client.destroy());
  return { client, states, stateMachineArn };
}

test("a name is idempotent while it runs and reserved afterwards", async () => {
  const { client, stateMachineArn } = await wired(wait(1e6));
  const start = (input: string) =>
    client.send(new StartExecutionCommand({ stateMachineArn, name: "fo-acme", input }));
  const first = await start('{"a":1}');
  expect((await start('{ "a": 1 }')).executionArn).toBe(first.executionArn);
  await expect(start('{"a":2}')).rejects.toBeInstanceOf(ExecutionAlreadyExists);
  const { executionArn } = first;
  await client.send(new StopExecutionCommand({ executionArn, error: "Enough", cause: "by hand" }));
  await expect(start('{"a":1}')).rejects.toBeInstanceOf(ExecutionAlreadyExists);
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: "ABORTED",
    error: "Enough",
    cause: "by hand",
    input: '{"a":1}',
  });
});

test("executions are listed newest first, by status and page", async () => {
  const { client, states, stateMachineArn } = await wired(wait(0));
  for (const name of ["a", "b", "c"])
    await states.start(stateMachineArn, "{}", undefined, name).ended;
  const list = (more: object) =>
    client.send(new ListExecutionsCommand({ stateMachineArn, ...more }));
  const first = await list({ maxResults: 2, statusFilter: "SUCCEEDED" });
  expect(first.executions?.map(({ name }) => name)).toEqual(["c", "b"]);
  const rest = await list({ maxResults: 2, nextToken: first.nextToken });
  expect(rest.executions?.map(({ name }) => name)).toEqual(["a"]);
  expect((await list({ statusFilter: "RUNNING" })).executions).toEqual([]);
});

test("the history has AWS's shape, each event after the one before", async () => {
  const { client, states, stateMachineArn } = await wired(
    {
      StartAt: "A",
      States: {
        A: {
          Type: "Task",
          Resource: "arn:aws:states:::lambda:invoke",
          Arguments: { FunctionName: "f", Payload: {} },
          Output: "{% $states.result.Payload %}",
          End: true,
        },
      },
    },
    { f: () => ({ ok: true }) },
  );
  const execution = states.start(stateMachineArn, "{}");
  await execution.ended;
  const executionArn = execution.by.arn;
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events.map(({ type, previousEventId }) => `${previousEventId} ${type}`)).toEqual([
    "0 ExecutionStarted",
    "1 TaskStateEntered",
    "2 TaskScheduled",
    "3 TaskStarted",
    "4 TaskSucceeded",
    "5 TaskStateExited",
    "6 ExecutionSucceeded",
  ]);
  expect(events[5]?.stateExitedEventDetails).toMatchObject({ name: "A", output: '{"ok":true}' });
  const last = await client.send(
    new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }),
  );
  expect(last.events?.[0]?.executionSucceededEventDetails?.output).toBe('{"ok":true}');
});

test("a machine is made once, and another of its name or of no meaning is refused", async () => {
  const { client } = await wired(wait(1e6));
  const create = (definition: object, roleArn = "arn:aws:iam::111111111111:role/m") =>
    client.send(
      new CreateStateMachineCommand({ name: "n", roleArn, definition: JSON.stringify(definition) }),
    );
  const waits = { QueryLanguage: "JSONata", ...wait(1e6) };
  const { stateMachineArn } = await create(waits);
  expect((await create(waits)).stateMachineArn).toBe(stateMachineArn);
  const started = await client.send(new StartExecutionCommand({ stateMachineArn }));
  expect(started.executionArn).toMatch(/:execution:n:/);
  const other = create({ QueryLanguage: "JSONata", ...wait(1) });
  await expect(other).rejects.toMatchObject({ name: "StateMachineAlreadyExists" });
  const none = new CreateStateMachineCommand({ name: "x", roleArn: "r", definition: "{}" });
  await expect(client.send(none)).rejects.toMatchObject({ name: "InvalidDefinition" });
});

test("a token that nobody was given is none", async () => {
  const { client } = await wired(wait(1e6));
  const sent = client.send(new SendTaskSuccessCommand({ taskToken: "none", output: "{}" }));
  await expect(sent).rejects.toMatchObject({ name: "InvalidToken" });
});

test("a token brings the answer back, once", async () => {
  const tokens: string[] = [];
  const ask_ = (payload: unknown) => void tokens.push((payload as { token: string }).token);
  const { client, states, stateMachineArn } = await wired(ask, { ask: ask_ });
  const execution = states.start(stateMachineArn, "{}");
  const taskToken = await vi.waitUntil(() => tokens[0]);
  await client.send(new SendTaskHeartbeatCommand({ taskToken }));
  await client.send(new SendTaskSuccessCommand({ taskToken, output: '{"yes":1}' }));
  expect(await execution.ended).toEqual({ status: "SUCCEEDED", output: '{"yes":1}' });
  const again = client.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }));
  await expect(again).rejects.toBeInstanceOf(TaskTimedOut);
  const types = execution.history.all().map(({ type }) => type);
  expect(types).toEqual(
    expect.arrayContaining(["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]),
  );
});

test("a wait for a token ends in paced time, not in that of a function", async () => {
  const [Ask, pace] = [{ ...ask.States.Ask, TimeoutSeconds: 400 }, 1000];
  const { states, stateMachineArn } = await wired(
    { ...ask, States: { Ask } },
    { ask: () => null },
    pace,
  );
  const execution = states.start(stateMachineArn, "{}");
  const ended = await execution.ended;
  expect(ended).toMatchObject({ status: "FAILED", error: "States.Timeout" });
  const took = Date.now() - execution.startedAt.getTime();
  expect(took).toBeGreaterThanOrEqual(390);
  // A function's time-out has a floor of a second here.
  expect(took).toBeLessThan(1000);
});

test("a token brings a failure back", async () => {
  const tokens: string[] = [];
  const ask_ = (payload: unknown) => void tokens.push((payload as { token: string }).token);
  const { client, states, stateMachineArn } = await wired(ask, { ask: ask_ });
  const execution = states.start(stateMachineArn, "{}");
  const taskToken = await vi.waitUntil(() => tokens[0]);
  await client.send(new SendTaskFailureCommand({ taskToken, error: "Refused", cause: "no" }));
  expect(await execution.ended).toMatchObject({ status: "FAILED", error: "Refused", cause: "no" });
});

test("an execution that does not exist", async () => {
  const { client } = await wired(wait(0));
  const gone = client.send(
    new DescribeExecutionCommand({
      executionArn: `arn:aws:states:${REGION}:111111111111:execution:m:gone`,
    }),
  );
  await expect(gone).rejects.toBeInstanceOf(ExecutionDoesNotExist);
});

const never = () => new Promise(() => {});
const slow = (more: object) => ({
  StartAt: "A",
  States: {
    A: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: "f" },
      End: true,
      ...more,
    },
  },
});

test.concurrent.each([
  ["a task's time-out is States.Timeout", slow({ TimeoutSeconds: 60 }), "FAILED", "States.Timeout"],
  [
    "States.TaskFailed does not cover a time-out",
    slow({ TimeoutSeconds: 60, Retry: [{ ErrorEquals: ["States.TaskFailed"] }] }),
    "FAILED",
    "States.Timeout",
  ],
  [
    "silence is States.HeartbeatTimeout",
    { ...ask, States: { Ask: { ...ask.States.Ask, HeartbeatSeconds: 60 } } },
    "FAILED",
    "States.HeartbeatTimeout",
  ],
  [
    "a machine's time-out ends it",
    { ...slow({}), TimeoutSeconds: 60 },
    "TIMED_OUT",
    "States.Timeout",
  ],
])("%s", async (_, definition, status, error) => {
  const { ending } = await run(definition, {}, { f: never, ask: () => null });
  expect(ending).toMatchObject({ status, error });
});

test("functions carry the execution's trace on, and the log tells every transition under it", async () => {
  const { calls, log } = await run(slow({}), {}, { f: () => 1 });
  expect(calls.map(({ trace }) => trace)).toEqual(["Root=1-5f-a"]);
  const told = log.all().map(({ operation, trace, detail }) => [operation, trace, detail["state"]]);
  expect(told).toEqual([
    ["ExecutionStarted", "Root=1-5f-a", undefined],
    ["StateEntered", "Root=1-5f-a", "A"],
    ["StateExited", "Root=1-5f-a", "A"],
    ["ExecutionSucceeded", "Root=1-5f-a", undefined],
  ]);
});
