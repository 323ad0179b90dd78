import type { ServiceModel } from "./model.ts";
import { AwsError } from "./service.ts";
import type { Failure } from "./speaker.ts";

/** Anything thrown, as AWS would answer it: what is not an AwsError is an InternalFailure. */
export function failureOf(thrown: unknown, service: ServiceModel): Failure {
  if (!(thrown instanceof AwsError)) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return {
      code: "InternalFailure",
      message,
      status: 500,
      fault: "Receiver",
      fields: {},
      headers: {},
      model: undefined,
    };
  }
  const model = service.errors.get(thrown.code);
  const status = thrown.status ?? model?.status ?? 400;
  return {
    code: thrown.code,
    message: thrown.message,
    status,
    fault: model?.fault ?? (status >= 500 ? "Receiver" : "Sender"),
    fields: thrown.fields,
    headers: thrown.headers,
    model,
  };
}
