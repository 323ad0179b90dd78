import type { InvokeOutcome } from "../lambda/function.ts";
import { AwsError } from "../wire/service.ts";
import type { Json, TaskState } from "./definition.ts";
import { StateFailure } from "./failure.ts";
import { text } from "./history.ts";
import type { TaskResource } from "./resource.ts";
import type { Visit } from "./run.ts";

/**
 * Invokes the function a task names. A function's error keeps its `errorType` as the state's error
 * name, its JSON as the cause; an error of the service is `Lambda.<exception>`.
 */
export async function callFunction(
  visit: Visit<TaskState>,
  resource: TaskResource,
  args: Json,
): Promise<Json> {
  if (resource.kind === "function") return invoke(visit, String(resource.arn), args);
  const { FunctionName, Payload = {}, InvocationType = "RequestResponse" } = fieldsOf(args);
  if (typeof FunctionName !== "string" || InvocationType !== "RequestResponse") {
    throw new StateFailure(
      "States.Runtime",
      `lambda:invoke needs a FunctionName and the InvocationType RequestResponse, got ${text({ FunctionName, InvocationType })}`,
    );
  }
  return {
    ExecutedVersion: "$LATEST",
    Payload: await invoke(visit, FunctionName, Payload),
    StatusCode: 200,
  };
}

const fieldsOf = (args: Json): { [key: string]: Json } =>
  typeof args === "object" && args !== null && !Array.isArray(args) ? args : {};

async function invoke({ run }: Visit, nameOrArn: string, payload: Json): Promise<Json> {
  const parts = nameOrArn.split(":");
  const region = parts.length > 3 ? String(parts[3]) : run.region;
  // Step Functions cannot call across regions.
  if (region !== run.region) {
    throw new StateFailure(
      "Lambda.ResourceNotFoundException",
      `${nameOrArn} is in ${region}, the state machine in ${run.region}; a task cannot cross regions`,
    );
  }
  const name = parts.length > 6 ? String(parts[6]) : String(parts[0]);
  const trace = run.trace === undefined ? {} : { trace: run.trace };
  const outcome = await run.functions
    .invoke({ region, name, payload: text(payload), by: run.caller, ...trace })
    .catch((cause: unknown) => {
      if (cause instanceof AwsError) throw new StateFailure(nameOf(cause), cause.message);
      throw cause;
    });
  return resultOf(outcome);
}

/** What no state can name by itself has a common one. */
const nameOf = ({ code }: AwsError) =>
  code === "AccessDeniedException" ? "Lambda.AWSLambdaException" : `Lambda.${code}`;

function resultOf(outcome: InvokeOutcome): Json {
  if (outcome.kind === "answered") return JSON.parse(outcome.payload) as Json;
  throw new StateFailure(outcome.error.errorType, text(outcome.error));
}
