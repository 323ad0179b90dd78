import type { ServiceModel } from "./model.ts";
import { AwsError, type CallContext } from "./service.ts";
import type { Answer, Speaker, WireRequest } from "./speaker.ts";

/** What is known of a call so far: more of it the further it gets. */
export interface Seen {
  operation: string;
  input: unknown;
}

/** Reads a request, runs its operation and words the answer. Throws AwsError, or whatever the operation does. */
export async function perform(
  request: WireRequest,
  service: ServiceModel,
  speaker: Speaker,
  context: CallContext,
  seen: Seen,
): Promise<Answer> {
  const name = await speaker.operation(request, service);
  seen.operation = name ?? "Unknown";
  const model = service.operations.get(seen.operation);
  const run = service.definition.operations[seen.operation];
  if (!model || !run) throw lacking(service, name ?? `${request.method} ${request.target}`);
  seen.input = await speaker.read(request, service, model).catch(refuseUnreadable);
  const output = (await run(seen.input, context)) ?? {};
  return speaker.write(output as Record<string, unknown>, service, model, context.requestId);
}

/** A body that is no JSON, XML or form of the operation's shape. */
function refuseUnreadable(cause: unknown): never {
  if (cause instanceof AwsError) throw cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new AwsError("SerializationException", `the request cannot be read: ${why}`, 400);
}

const lacking = ({ definition }: ServiceModel, operation: string) =>
  new AwsError(
    "NotImplemented",
    `${definition.name}: the local cloud lacks the operation ${operation}`,
    501,
  );
