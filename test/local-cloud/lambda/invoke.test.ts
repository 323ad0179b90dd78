import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { world } from "./fixture.ts";

test("a handler answers, and its environment is used again", async () => {
  const { deploy, invoke, log } = world();
  deploy(
    "let n = 0; export const handler = async (event) => ({ event, n: ++n, pid: process.pid });",
  );
  const first = await invoke({ a: 1 });
  const second = await invoke({ a: 2 });
  expect(first).toMatchObject({ event: { a: 1 }, n: 1 });
  expect(second).toEqual({ event: { a: 2 }, n: 2, pid: first.pid });
  expect(log.all().filter(({ operation }) => operation === "Invoked")).toHaveLength(2);
});

test("a CommonJS index.js is loaded too", async () => {
  const { deploy, invoke } = world();
  deploy("exports.handler = async () => 'cjs';", {}, "index.js");
  expect(await invoke()).toBe("cjs");
});

test("concurrent invocations get environments of their own", async () => {
  const { deploy, invoke } = world();
  deploy(
    "export const handler = async () => { await new Promise((r) => setTimeout(r, 300)); return process.pid; };",
  );
  const pids = await Promise.all([invoke(), invoke(), invoke()]);
  expect(new Set(pids).size).toBe(3);
});

test("the eleventh invocation at once is throttled", async () => {
  const { deploy, invoke, lambda } = world();
  deploy("export const handler = () => new Promise(() => setInterval(() => {}, 1000));");
  const held = Array.from({ length: 10 }, () => invoke());
  await expect(invoke()).rejects.toMatchObject({ code: "TooManyRequestsException", status: 429 });
  await lambda.close();
  expect(await Promise.all(held)).toEqual(
    held.map(() => expect.objectContaining({ kind: "failed" })),
  );
});

test("a function has no more executions at once than are reserved for it", async () => {
  const { deploy, invoke } = world();
  deploy(
    "export const handler = async () => { await new Promise((r) => setTimeout(r, 500)); return 1; };",
    { reservedConcurrency: 2 },
  );
  const held = [invoke(), invoke()];
  await expect(invoke()).rejects.toMatchObject({
    code: "TooManyRequestsException",
    fields: { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded" },
  });
  expect(await Promise.all(held)).toEqual([1, 1]);
  expect(await invoke()).toBe(1);
});

test("variables: Lambda's own, the template's above, the cloud's on top", async () => {
  const { deploy, invoke } = world({ NODE_EXTRA_CA_CERTS: "/dev/null", AWS_REGION: "never-moved" });
  deploy(
    "export const handler = async (_, c) => ({ ...process.env, left: c.getRemainingTimeInMillis(), arn: c.invokedFunctionArn });",
    {
      environment: {
        LOG_LEVEL: "info",
        NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
        TZ: "Europe/Berlin",
      },
      memoryMb: 256,
    },
  );
  const env = await invoke();
  expect(env).toMatchObject({
    AWS_LAMBDA_FUNCTION_NAME: "f",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
    LOG_LEVEL: "info",
    TZ: "Europe/Berlin",
    NODE_EXTRA_CA_CERTS: "/dev/null",
    AWS_REGION: "never-moved",
    arn: "arn:aws:lambda:eu-central-1:111111111111:function:f",
  });
  expect(env.HOME).toBeUndefined();
  expect(env.left).toBeGreaterThan(1000);
  expect(env.left).toBeLessThanOrEqual(2000);
});

const BROKEN: readonly [string, string, string, string | RegExp][] = [
  [
    "throws",
    "export const handler = async () => { throw Object.assign(new Error('bad'), { name: 'NotYet' }); };",
    "NotYet",
    "bad",
  ],
  [
    "throws before its first await",
    "export const handler = () => { throw new TypeError('sync'); };",
    "TypeError",
    "sync",
  ],
  [
    "exits",
    "export const handler = () => process.exit(3);",
    "Runtime.ExitError",
    /Runtime exited with error: exit status 3$/,
  ],
  [
    "exits well",
    "export const handler = () => process.exit(0);",
    "Runtime.ExitError",
    /exited without providing a reason$/,
  ],
  [
    "kills itself",
    "export const handler = () => process.kill(process.pid, 'SIGKILL');",
    "Runtime.ExitError",
    /signal: SIGKILL$/,
  ],
  [
    "never answers",
    "export const handler = () => new Promise(() => setInterval(() => {}, 1000));",
    "Sandbox.Timedout",
    /Task timed out after 30\.00 seconds$/,
  ],
  [
    "blocks for ever",
    "export const handler = () => { for (;;); };",
    "Sandbox.Timedout",
    /Task timed out/,
  ],
  [
    "waits for nothing",
    "export const handler = () => new Promise(() => {});",
    "Runtime.NodeJsExit",
    /never settled/,
  ],
  [
    "rejects without anybody looking",
    "export const handler = () => { Promise.reject(new Error('lost')); return new Promise(() => {}); };",
    "Runtime.UnhandledPromiseRejection",
    "lost",
  ],
  [
    "throws at import",
    "throw new RangeError('BadConfig: no table');",
    "RangeError",
    "BadConfig: no table",
  ],
  [
    "imports what is not there",
    "import './gone.mjs'; export const handler = () => 1;",
    "Runtime.ImportModuleError",
    /gone\.mjs/,
  ],
  ["is no JavaScript", "export const handler = (;", "Runtime.UserCodeSyntaxError", /SyntaxError/],
  [
    "exports no handler",
    "export const other = () => 1;",
    "Runtime.HandlerNotFound",
    /index\.handler is undefined/,
  ],
];

test.each(BROKEN)(
  "a bundle that %s fails in AWS's shape",
  async (_, code, errorType, errorMessage) => {
    const { deploy, invoke, groups } = world();
    deploy(code);
    const outcome = await invoke();
    const message =
      typeof errorMessage === "string" ? errorMessage : expect.stringMatching(errorMessage);
    expect(outcome).toMatchObject({ kind: "failed", error: { errorType, errorMessage: message } });
    expect(groups.size).toBeLessThanOrEqual(1);
  },
);

test("after a bundle exited, the next invocation gets a fresh environment", async () => {
  const { deploy, invoke } = world();
  deploy("export const handler = async (e) => e.die ? process.exit(1) : process.pid;");
  const before = await invoke();
  await invoke({ die: true });
  const after = await invoke();
  expect(after).toBeTypeOf("number");
  expect(after).not.toBe(before);
});

test("a function that is not there is an error of the service", async () => {
  await expect(world().invoke()).rejects.toMatchObject({ code: "ResourceNotFoundException" });
});

test("warm starts one environment per function before the first invocation", async () => {
  const { deploy, lambda, invoke, log, groups } = world();
  const code = "const loaded = Date.now(); export const handler = async () => loaded;";
  deploy(code);
  deploy(code, { name: "g" });
  deploy(code, { name: "cold" });
  await lambda.warm(({ name }) => name !== "cold");
  expect(groups.size).toBe(2);
  const started = log.all().filter(({ operation }) => operation === "EnvironmentStarted");
  expect(started.map(({ detail }) => detail["function"]).toSorted()).toEqual(["f", "g"]);
  const before = Date.now();
  expect(await invoke()).toBeLessThanOrEqual(before);
  expect(groups.size).toBe(2);
});

test("the hashes are those of the files that ran", async () => {
  const { deploy, lambda, invoke } = world();
  const code = "export const handler = async () => 1;";
  deploy(code);
  deploy(code, { name: "idle" });
  await invoke();
  const sha256 = createHash("sha256").update(code).digest("hex");
  expect(lambda.bundleHashes()).toEqual({ "eu-central-1/f": sha256 });
});

test("what a function prints is in the log, cut to a readable length, under its trace", async () => {
  const { deploy, invoke, log } = world();
  deploy(
    "export const handler = async () => { console.log('hello'); console.error('y'.repeat(9000)); };",
  );
  await invoke({}, "f", "Root=1-5f-a");
  const printed = () => log.all().filter(({ operation }) => operation === "Log");
  await vi.waitUntil(() => printed().length === 2);
  expect(printed().map(({ trace }) => trace)).toEqual(["Root=1-5f-a", "Root=1-5f-a"]);
  const lengths = printed().map(({ detail }) => String(detail["line"]).length);
  expect(lengths.toSorted((a, b) => a - b)).toEqual([5, 2002]);
});

test("a failed asynchronous invocation is tried as often as configured, then dropped", async () => {
  const { deploy, lambda, log } = world({}, 1000);
  deploy("export const handler = async () => { throw new Error('no'); };");
  lambda.configureAsync("eu-central-1", "f", { maximumRetryAttempts: 1 });
  const dropped = new Promise<void>((done) => {
    log.listen(({ operation }) => operation === "AsyncDropped" && done());
  });
  lambda.accept({ region: "eu-central-1", name: "f", payload: "{}" });
  await dropped;
  expect(log.all().filter(({ operation }) => operation === "Invoked")).toHaveLength(2);
});

test("no process outlives the service", async () => {
  const { deploy, invoke, lambda, groups } = world();
  deploy("export const handler = async () => process.pid;");
  const pid = await invoke();
  await lambda.close();
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect(groups.size).toBe(0);
});
