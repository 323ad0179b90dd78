import { SlaError } from "../kernel/errors.ts";
import type { PublishProperties } from "./contract.ts";

/** What CloudFormation sends to the function behind a custom resource. */
export interface ResourceEvent<P extends Keyed = PublishProperties> {
  readonly RequestType: "Create" | "Update" | "Delete";
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Partial<P>;
  /** Of an update. */
  readonly OldResourceProperties?: Partial<P>;
}

export interface ResourceAnswer {
  readonly Status: "SUCCESS" | "FAILED";
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

interface Keyed {
  readonly fleetKey: string;
}

/** Whether a function was invoked by CloudFormation. */
export const isResourceEvent = <P extends Keyed>(
  event: Partial<ResourceEvent<P>>,
): event is ResourceEvent<P> => event.RequestType !== undefined && event.ResponseURL !== undefined;

/**
 * Answers one event: creates and updates act, a deletion removes nothing (evidence outlives the
 * stack). A failure becomes an answer too, else CloudFormation waits an hour for one.
 */
export async function answerOf<P extends Keyed>(
  event: ResourceEvent<P>,
  wanted: readonly (keyof P & string)[],
  act: (properties: P) => Promise<unknown>,
): Promise<ResourceAnswer> {
  const { StackId, RequestId, LogicalResourceId, ResourceProperties } = event;
  const id = ResourceProperties.fleetKey ?? event.PhysicalResourceId ?? "none";
  const same = { PhysicalResourceId: id, StackId, RequestId, LogicalResourceId };
  try {
    if (event.RequestType !== "Delete") await act(checked(ResourceProperties, wanted));
    return { Status: "SUCCESS", ...same };
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return { Status: "FAILED", Reason: reason.slice(0, 1024), ...same };
  }
}

function checked<P>(properties: Partial<P>, wanted: readonly (keyof P & string)[]): P {
  const missing = wanted.filter((name) => !properties[name]);
  if (missing.length === 0) return properties as P;
  throw new SlaError("BadConfig", "bug", `the custom resource lacks ${missing.join(", ")}`);
}

/** Delivers the answer; rejects if CloudFormation does not take it. */
export async function deliver(url: string, answer: ResourceAnswer): Promise<void> {
  const response = await fetch(url, {
    method: "PUT",
    // The URL is presigned without a content type: sending one breaks its signature.
    headers: { "content-type": "" },
    body: JSON.stringify(answer),
  });
  if (response.ok) return;
  throw new SlaError("CloudRefused", "cloud", `CloudFormation answered ${response.status}`);
}
