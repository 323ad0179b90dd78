import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DescribeTasksCommand,
  type DescribeTasksResponse,
  ECSClient,
  RunTaskCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { isAlive } from "../../../lib/local-cloud/process-tree.ts";
import { WireServer } from "../../../lib/local-cloud/wire/server.ts";
import { REGION, shell, world } from "./fixture.ts";

const WITHIN = { timeout: 20_000, interval: 10 };

describe("a task", () => {
  it("runs its container's command to the end, and keeps what it said", async () => {
    const { run, logOf, log } = world();
    const task = await run({
      command: shell('echo "$NAME of $AWS_REGION knows $PASSWORD"', "echo aside >&2"),
      environment: [{ name: "NAME", value: "dump" }],
      secrets: [{ name: "PASSWORD", valueFrom: "known" }],
    });
    expect(task).toMatchObject({
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [{ name: "main", image: "postgres:15", lastStatus: "STOPPED", exitCode: 0 }],
    });
    expect(logOf(task).split("\n").toSorted()).toEqual([
      "",
      "aside",
      `dump of ${REGION} knows s3cret`,
    ]);
    const told = log.all().filter(({ operation }) => operation === "StatusChanged");
    expect(told.map(({ detail }) => detail["to"])).toEqual([
      "PENDING",
      "RUNNING",
      "DEPROVISIONING",
      "STOPPED",
    ]);
  });

  it("tells the exit code, and takes what a call overrides", async () => {
    const { run } = world();
    const containerOverrides = [
      { name: "main", command: shell("exit $CODE"), environment: [{ name: "CODE", value: "3" }] },
    ];
    const task = await run({ command: ["true"] }, { overrides: { containerOverrides } });
    expect(task.containers).toMatchObject([{ exitCode: 3 }]);
  });

  it.for([
    ["pg_dump", "postgresql-client-15"],
    ["aws", "awscli"],
    ["no-such-program", "install no-such-program"],
  ] as const)("does not start without %s, and says what to install", async ([name, says]) => {
    vi.stubEnv("PATH", "/nowhere");
    const { run } = world();
    const task = await run({ command: [name, "--version"] });
    vi.unstubAllEnvs();
    expect(task).toMatchObject({ stopCode: "TaskFailedToStart", lastStatus: "STOPPED" });
    expect(task.stoppedReason).toContain(`exec: "${name}": executable file not found in $PATH`);
    expect(task.stoppedReason).toContain(says);
    expect(task.containers?.[0]?.exitCode).toBeUndefined();
    expect(task.containers?.[0]?.reason).toBe(task.stoppedReason);
  });

  it("says the same where a shell misses a program", async () => {
    const { run } = world();
    const task = await run({ command: shell("PATH=/nowhere", "pg_dump --version") });
    expect(task.containers).toMatchObject([
      { exitCode: 127, reason: expect.stringContaining("postgresql-client-15") },
    ]);
  });

  it("does not start without its secrets", async () => {
    const { run } = world();
    const task = await run({ command: ["true"], secrets: [{ name: "P", valueFrom: "lost" }] });
    expect(task.stoppedReason).toBe(
      "ResourceInitializationError: unable to pull secrets: lost is not known",
    );
  });
});

describe("a task that is stopped", () => {
  it("ends with everything it started, hard if it does not listen", async () => {
    const { register, begin, call, logOf } = world();
    const deaf = "trap '' TERM; sleep 600 & echo $! $$; while :; do sleep 1; done";
    register({ command: ["sh", "-c", deaf], stopTimeout: 30 });
    const { answer, ended } = begin();
    const arn = answer.tasks?.[0]?.taskArn ?? "";
    const said = await vi.waitFor(() => {
      const line = logOf({ taskArn: arn });
      expect(line).toMatch(/\d+ \d+/);
      return line;
    }, WITHIN);
    const running = await call("DescribeTasks", { cluster: "c", tasks: [arn] });
    expect(running).toMatchObject({ tasks: [{ lastStatus: "RUNNING", desiredStatus: "RUNNING" }] });
    await expect(
      call("StopTask", { cluster: "c", task: arn, reason: "enough" }),
    ).resolves.toMatchObject({ task: { desiredStatus: "STOPPED" } });
    await expect(ended).resolves.toMatchObject({
      stopCode: "UserInitiated",
      stoppedReason: "enough",
      containers: [{ exitCode: 137 }],
    });
    for (const pid of said.trim().split(" ").map(Number)) {
      await vi.waitFor(() => expect(isAlive(pid)).toBe(false), WITHIN);
    }
  });

  it("may tidy up first", async () => {
    const { register, begin, logOf } = world();
    register({
      command: shell("trap 'echo tidy; exit 5' TERM", "echo up", "while :; do sleep 0.1; done"),
    });
    const { answer, ended, stop } = begin();
    const task = answer.tasks?.[0] ?? {};
    await vi.waitFor(() => expect(logOf(task)).toContain("up"), WITHIN);
    stop("please");
    await expect(ended).resolves.toMatchObject({ containers: [{ exitCode: 5 }] });
    expect(logOf(task)).toContain("tidy");
  });
});

describe("a task of several containers", () => {
  it("ends with its essential one", async () => {
    const { register, begin } = world();
    register(
      { name: "main", command: ["true"] },
      { name: "beside", essential: false, command: ["sleep", "600"] },
    );
    await expect(begin().ended).resolves.toMatchObject({
      containers: [
        { name: "main", exitCode: 0 },
        { name: "beside", exitCode: 143 },
      ],
    });
  });
});

describe("the API", () => {
  it("is that of AWS's client, which a repeated call costs no second task", async () => {
    const { ecs, log, register } = world();
    register({ command: ["true"] });
    const wire = new WireServer({ log });
    wire.add(ecs.definition);
    const client = new ECSClient({
      region: REGION,
      endpoint: await wire.listen("127.0.0.1", 0),
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    onTestFinished(() => wire.close());
    const input = { cluster: "c", taskDefinition: "f", clientToken: "once" };
    const [one, two, other] = [
      await client.send(new RunTaskCommand(input)),
      await client.send(new RunTaskCommand(input)),
      await client.send(new RunTaskCommand({ ...input, clientToken: undefined })),
    ].map(({ tasks = [] }) => tasks[0]?.taskArn);
    expect(two).toBe(one);
    expect(other).not.toBe(one);
    await vi.waitFor(async () => {
      const described = await client.send(
        new DescribeTasksCommand({ cluster: "c", tasks: [one ?? ""] }),
      );
      expect(described.tasks).toMatchObject([
        { lastStatus: "STOPPED", stoppedAt: expect.any(Date), containers: [{ exitCode: 0 }] },
      ]);
    }, WITHIN);
    const lost = new StopTaskCommand({ cluster: "c", task: "none" });
    await expect(client.send(lost)).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("does not find tasks, definitions and clusters that are not there", async () => {
    const { call, begin } = world();
    const described = await call("DescribeTasks", { cluster: "c", tasks: ["none"] });
    expect(described as DescribeTasksResponse).toEqual({
      tasks: [],
      failures: [{ arn: "none", reason: "MISSING" }],
    });
    await expect(call("StopTask", { cluster: "c", task: "none" })).rejects.toThrow("not found");
    expect(() => begin({ cluster: "d" })).toThrow("Cluster not found");
    expect(() => begin({ taskDefinition: "g" })).toThrow("TaskDefinition not found");
  });

  it("refuses what it would have to ignore", () => {
    const { register, begin } = world();
    const mountPoints = [{ sourceVolume: "v", containerPath: "/v" }];
    expect(() => register({ mountPoints })).toThrow(
      "container main: expected one mount point, at workingDirectory, got /v and none",
    );
    expect(() => register({ mountPoints, workingDirectory: "/v" })).toThrow("unknown volume v");
    expect(() => register({ dependsOn: [], hostname: "h" })).toThrow("does not simulate hostname");
    register({ command: ["true"] });
    expect(() => begin({ capacityProviderStrategy: [] })).toThrow("capacityProviderStrategy");
    expect(() => begin({ count: 11 })).toThrow("from 1 to 10");
    const overrides = { containerOverrides: [{ name: "other" }] };
    expect(() => begin({ overrides })).toThrow("Override for container named other");
  });

  it("runs the newest revision unless one is named", async () => {
    const { register, begin, logOf } = world();
    const first = register({ command: ["echo", "old"] });
    register({ command: ["echo", "new"] });
    for (const [taskDefinition, said] of [
      ["f", "new"],
      ["f:1", "old"],
      [first, "old"],
    ] as const) {
      expect(logOf(await begin({ taskDefinition }).ended)).toBe(`${said}\n`);
    }
  });
});

it("a task works in a directory of its own", async () => {
  const { run, logOf } = world();
  const task = await run({ command: shell("pwd; echo 1 > here") });
  const directory = logOf(task).trim();
  expect(directory).toContain(task.taskArn?.split("/").at(-1));
  expect(readFileSync(join(directory, "here"), "utf8")).toBe("1\n");
});
