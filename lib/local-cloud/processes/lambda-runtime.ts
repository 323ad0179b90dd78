/**
 * The runtime of one execution environment: loads the handler, then asks the Runtime API (2018-06-01)
 * for invocations until it is killed. Speaks what AWS's own Node.js runtime speaks.
 */
import type { IncomingHttpHeaders } from "node:http";
import { flushCompileCache } from "node:module";
import { pathToFileURL } from "node:url";
import { handlerIn } from "../lambda/code-file.ts";

interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
type Handle = (event: unknown, context: object) => unknown;

// Imported as an ES module it would load undici and HTTP/2 into every environment, 20 ms each.
const http = process.getBuiltinModule("node:http");
const env = process.env;
const base = `http://${env["AWS_LAMBDA_RUNTIME_API"]}/2018-06-01/runtime`;
const agent = new http.Agent({ keepAlive: true });
let current: string | undefined;

function ask(method: "GET" | "POST", path: string, body = ""): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = http.request(`${base}${path}`, { method, agent }, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () =>
      resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }),
    );
  });
  request.on("error", reject);
  request.end(body);
  return promise;
}

const described = (cause: unknown, errorType?: string) => {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  return JSON.stringify({
    errorType: errorType ?? error.name,
    errorMessage: error.message,
    trace: (error.stack ?? "").split("\n"),
  });
};

class RuntimeError extends Error {
  constructor(type: string, message: string) {
    super(message);
    this.name = `Runtime.${type}`;
  }
}

async function load(): Promise<Handle> {
  const { file, moduleName, exportName } = handlerIn(
    `${env["LAMBDA_TASK_ROOT"]}`,
    `${env["_HANDLER"]}`,
  );
  if (!file)
    throw new RuntimeError("ImportModuleError", `Error: Cannot find module '${moduleName}'`);
  const loaded = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw importFailure(cause);
  });
  const handle = loaded[exportName] ?? loaded.default?.[exportName];
  if (typeof handle === "function") return handle as Handle;
  throw new RuntimeError("HandlerNotFound", `${env["_HANDLER"]} is undefined or not exported`);
}

function importFailure(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  if (cause instanceof SyntaxError) return new RuntimeError("UserCodeSyntaxError", `${cause}`);
  const { code } = cause as NodeJS.ErrnoException;
  const missing = code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND";
  return missing ? new RuntimeError("ImportModuleError", `${cause}`) : cause;
}

function contextOf(requestId: string, headers: IncomingHttpHeaders): object {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env["AWS_LAMBDA_FUNCTION_NAME"],
    functionVersion: env["AWS_LAMBDA_FUNCTION_VERSION"],
    memoryLimitInMB: env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
    logGroupName: env["AWS_LAMBDA_LOG_GROUP_NAME"],
    logStreamName: env["AWS_LAMBDA_LOG_STREAM_NAME"],
    awsRequestId: requestId,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

async function serveOne(handle: Handle): Promise<void> {
  const { headers, body } = await ask("GET", "/invocation/next");
  const requestId = String(headers["lambda-runtime-aws-request-id"]);
  const trace = headers["lambda-runtime-trace-id"];
  if (trace) env["_X_AMZN_TRACE_ID"] = String(trace);
  else delete env["_X_AMZN_TRACE_ID"];
  current = requestId;
  try {
    const answer = await handle(JSON.parse(body), contextOf(requestId, headers));
    await ask("POST", `/invocation/${requestId}/response`, JSON.stringify(answer ?? null));
  } catch (cause) {
    await ask("POST", `/invocation/${requestId}/error`, described(cause));
  }
  current = undefined;
}

/** What escapes the handler ends the environment, as on AWS, after it has been told. */
function lost(exitCode: number, type?: string) {
  return (cause: unknown) => {
    const path = current ? `/invocation/${current}/error` : "/init/error";
    const exit = () => process.exit(exitCode);
    ask("POST", path, described(cause, type)).then(exit, exit);
  };
}

process.on("unhandledRejection", lost(128, "Runtime.UnhandledPromiseRejection"));
process.on("uncaughtException", lost(129));
process.on("beforeExit", () =>
  lost(13)(
    new RuntimeError(
      "NodeJsExit",
      "The event loop is empty and the handler has not answered: a Promise was never settled",
    ),
  ),
);

const handle = await load().catch(async (cause: unknown) => {
  await ask("POST", "/init/error", described(cause));
  process.exit(1);
});
// Environments end by SIGKILL, which would lose the cache that NODE_COMPILE_CACHE asks for.
flushCompileCache();
for (;;) await serveOne(handle);
