import type {
  DeleteFunctionRequest,
  GetFunctionConfigurationRequest,
  GetFunctionUrlConfigRequest,
  InvocationRequest,
  ListFunctionsRequest,
} from "@aws-sdk/client-lambda";
import { AwsError, type Operation } from "../wire/service.ts";
import type { FunctionSpec, InvokeCall, InvokeOutcome } from "./function.ts";
import type { Pool } from "./pool.ts";

export interface LambdaState {
  readonly pools: ReadonlyMap<string, Pool>;
  readonly invoke: (call: InvokeCall) => Promise<InvokeOutcome>;
  readonly accept: (call: InvokeCall) => void;
  readonly urlOf: (region: string, name: string) => string | undefined;
  readonly remove: (region: string, name: string) => void;
  readonly forgetAsync: (region: string, name: string) => void;
}

export const keyOf = (region: string, name: string) => `${region}/${name}`;

/** AWS's limits on payloads, in bytes. */
const LIMITS = { RequestResponse: 6_291_456, Event: 1_048_576, DryRun: 6_291_456 } as const;

/** What an account has in a region unless it was changed. */
const GRANTED = 1000;

export function operations(state: LambdaState): Record<string, Operation> {
  const find = (region: string, given: string | undefined) => {
    const pool = state.pools.get(keyOf(region, nameOf(String(given))));
    if (pool) return pool;
    throw new AwsError(
      "ResourceNotFoundException",
      `Function not found: ${given} in ${region}`,
      404,
    );
  };
  const configuration = async (input: GetFunctionConfigurationRequest, { region = "" }) =>
    describe(find(region, input.FunctionName));
  return {
    Invoke: (input: InvocationRequest, { region, trace }) => {
      const { fn } = find(region, input.FunctionName);
      const call = { region, name: fn.name, payload: payloadOf(input) };
      return invoke(state, input.InvocationType, {
        ...call,
        ...(trace !== undefined && { trace }),
      });
    },
    GetFunctionConfiguration: configuration,
    GetFunctionUrlConfig: async ({ FunctionName }: GetFunctionUrlConfigRequest, { region }) => {
      const { fn } = find(region, FunctionName);
      const FunctionUrl = state.urlOf(region, fn.name);
      if (FunctionUrl === undefined) throw noUrl();
      return { FunctionUrl, FunctionArn: fn.arn, AuthType: "NONE", InvokeMode: "BUFFERED" };
    },
    DeleteFunction: async ({ FunctionName }: DeleteFunctionRequest, { region }) => {
      const { fn } = find(region, FunctionName);
      state.remove(region, fn.name);
    },
    DeleteFunctionEventInvokeConfig: async (
      { FunctionName }: DeleteFunctionRequest,
      { region },
    ) => {
      const { fn } = find(region, FunctionName);
      state.forgetAsync(region, fn.name);
    },
    GetFunction: async (input, context) => ({
      Configuration: await configuration(input, context),
      Code: { RepositoryType: "S3" },
    }),
    GetAccountSettings: async (_input: unknown, { region }) => {
      const here = [...state.pools.values()].filter(({ fn }) => fn.region === region);
      const reserved = here.reduce((sum, { fn }) => sum + (fn.reservedConcurrency ?? 0), 0);
      return {
        AccountLimit: {
          ConcurrentExecutions: GRANTED,
          UnreservedConcurrentExecutions: GRANTED - reserved,
        },
        AccountUsage: { FunctionCount: here.length },
      };
    },
    ListFunctions: async ({ Marker, MaxItems = 50 }: ListFunctionsRequest, { region }) => {
      const here = [...state.pools.values()].filter(({ fn }) => fn.region === region);
      const from = Number(Marker ?? 0);
      const to = from + MaxItems;
      return {
        Functions: here.slice(from, to).map(describe),
        NextMarker: to < here.length ? String(to) : undefined,
      };
    },
  };
}

const noUrl = () =>
  new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404);

async function invoke(state: LambdaState, type: string | undefined, call: InvokeCall) {
  if (type === "DryRun") return { StatusCode: 204 };
  if (type === "Event") {
    state.accept(call);
    return { StatusCode: 202 };
  }
  const outcome = await state.invoke(call);
  const failed = outcome.kind === "failed";
  const payload = failed ? JSON.stringify(outcome.error) : outcome.payload;
  return {
    StatusCode: 200,
    ExecutedVersion: "$LATEST",
    ...(failed && { FunctionError: "Unhandled" }),
    Payload: new TextEncoder().encode(payload),
  };
}

function payloadOf({ Payload, InvocationType = "RequestResponse" }: InvocationRequest): string {
  const limit = LIMITS[InvocationType as keyof typeof LIMITS] ?? LIMITS.Event;
  const bytes = Payload === undefined ? new Uint8Array() : Payload;
  if (bytes.length > limit) {
    const message = `${bytes.length} byte payload is too large for the ${InvocationType} invocation type (limit ${limit} bytes)`;
    throw new AwsError("RequestTooLargeException", message, 413);
  }
  const text = Buffer.from(bytes).toString() || "{}";
  try {
    JSON.parse(text);
    return text;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause;
    throw new AwsError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${why}`,
      400,
    );
  }
}

/** A name, `account:function:name` or an ARN, each with or without a version. */
function nameOf(given: string): string {
  const parts = given.split(":");
  const after = parts.lastIndexOf("function");
  return String(parts[after < 0 ? 0 : after + 1]);
}

function describe({ fn, codeSha256 }: Pool) {
  return {
    ...sizes(fn),
    FunctionName: fn.name,
    FunctionArn: fn.arn,
    Runtime: "nodejs24.x",
    Handler: fn.handler,
    Environment: { Variables: { ...fn.environment } },
    CodeSha256: codeSha256 && Buffer.from(codeSha256, "hex").toString("base64"),
    Version: "$LATEST",
    PackageType: "Zip",
    State: "Active",
    LastUpdateStatus: "Successful",
    VpcConfig: fn.vpc && { SecurityGroupIds: [...fn.vpc.securityGroups] },
  };
}

const sizes = ({ memoryMb, timeoutSeconds }: FunctionSpec) => ({
  MemorySize: memoryMb,
  Timeout: timeoutSeconds,
});
