import {
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionUrlConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import { buildSync } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { WireServer } from "../../../lib/local-cloud/wire/server.ts";
import { REGION, world } from "./fixture.ts";

/** The service behind its real wire, and a client for it. */
async function wired() {
  const local: Record<string, string> = {};
  const it = world(local);
  const server = new WireServer({ log: it.log });
  server.add(it.lambda.definition);
  const endpoint = await server.listen("127.0.0.1", 0);
  local["AWS_ENDPOINT_URL"] = endpoint;
  const client = new LambdaClient({
    endpoint,
    region: REGION,
    credentials: { accessKeyId: "AKIALOCALCLOUD000000", secretAccessKey: "local" },
  });
  onTestFinished(() => server.close());
  onTestFinished(() => client.destroy());
  return { ...it, client };
}

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test("Invoke gives the answer, a failure and a missing function as AWS does", async () => {
  const { client, deploy } = await wired();
  const { arn } = deploy(
    "export const handler = async (e) => { if (e.bad) throw new TypeError('bad'); return e; };",
  );
  const good = await client.send(
    new InvokeCommand({ FunctionName: arn, Payload: bytes({ a: 1 }) }),
  );
  expect(good).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
  expect(good.FunctionError).toBeUndefined();
  expect(JSON.parse(good.Payload?.transformToString() ?? "")).toEqual({ a: 1 });

  const bad = await client.send(
    new InvokeCommand({ FunctionName: "f", Payload: bytes({ bad: 1 }) }),
  );
  expect(bad.FunctionError).toBe("Unhandled");
  expect(JSON.parse(bad.Payload?.transformToString() ?? "")).toMatchObject({
    errorType: "TypeError",
    errorMessage: "bad",
  });

  const gone = client.send(new InvokeCommand({ FunctionName: "gone" }));
  await expect(gone).rejects.toBeInstanceOf(ResourceNotFoundException);
});

test("Event is accepted at once, DryRun runs nothing", async () => {
  const { client, deploy, log } = await wired();
  deploy("export const handler = async () => 1;");
  const dry = await client.send(new InvokeCommand({ FunctionName: "f", InvocationType: "DryRun" }));
  expect(dry.StatusCode).toBe(204);
  const invoked = new Promise<void>((done) => {
    log.listen(({ operation }) => operation === "Invoked" && done());
  });
  const event = await client.send(
    new InvokeCommand({ FunctionName: "f", InvocationType: "Event" }),
  );
  expect(event.StatusCode).toBe(202);
  await invoked;
  expect(log.all().filter(({ operation }) => operation === "Invoked")).toHaveLength(1);
});

test("functions are described", async () => {
  const { client, deploy } = await wired();
  deploy("export const handler = async () => 1;");
  const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: "f" }));
  expect(Configuration).toMatchObject({
    Runtime: "nodejs24.x",
    State: "Active",
    Timeout: 30,
    MemorySize: 128,
  });
  const { Functions } = await client.send(new ListFunctionsCommand({}));
  expect(Functions?.map(({ FunctionName }) => FunctionName)).toEqual(["f"]);
});

test("an account says what it has, and what its functions leave of it", async () => {
  const { client, deploy } = await wired();
  deploy("export const handler = async () => 1;");
  expect(await client.send(new GetAccountSettingsCommand({}))).toMatchObject({
    AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 },
    AccountUsage: { FunctionCount: 1 },
  });
});

test("a function's URL is told, and that it has none", async () => {
  const { client, deploy, lambda } = await wired();
  deploy("export const handler = async () => 1;");
  const ask = () => client.send(new GetFunctionUrlConfigCommand({ FunctionName: "f" }));
  await expect(ask()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  lambda.showUrl("eu-central-1", "f", "https://id.lambda-url.eu-central-1.on.aws/");
  expect(await ask()).toMatchObject({
    FunctionUrl: "https://id.lambda-url.eu-central-1.on.aws/",
    AuthType: "NONE",
  });
});

test("the trace of an invocation arrives with every AWS call the function makes", async () => {
  const { deploy, invoke, log } = await wired();
  const bundle = buildSync({
    stdin: {
      contents: `
        import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
        const client = new LambdaClient({});
        export const handler = async () => (await client.send(new ListFunctionsCommand({}))).Functions.length;`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  deploy(bundle.outputFiles[0]?.text ?? "");
  const traces = ["Root=1-67891233-a;Parent=1;Sampled=1", "Root=1-67891233-b;Parent=2;Sampled=1"];
  for (const trace of traces) expect(await invoke({}, "f", trace)).toBe(1);
  const calls = log.all().filter(({ operation }) => operation === "ListFunctions");
  expect(calls.map(({ trace }) => trace)).toEqual(traces);
});
