import { SlaError } from "../kernel/errors.ts";
import type { PublishProperties } from "./contract.ts";

/** What CloudFormation sends to the function behind a custom resource. */
export interface ResourceEvent {
  readonly RequestType: "Create" | "Update" | "Delete";
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Partial<PublishProperties>;
}

export interface ResourceAnswer {
  readonly Status: "SUCCESS" | "FAILED";
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

const WANTED = ["assetBucket", "assetKey", "fleetKey"] as const;

/**
 * Answers one event: creates and updates publish, a deletion removes nothing (evidence outlives the
 * stack). A failure becomes an answer too, else CloudFormation waits an hour for one.
 */
export async function answerOf(
  event: ResourceEvent,
  publish: (properties: PublishProperties) => Promise<unknown>,
): Promise<ResourceAnswer> {
  const { StackId, RequestId, LogicalResourceId, ResourceProperties } = event;
  const id = ResourceProperties.fleetKey ?? event.PhysicalResourceId ?? "none";
  const same = { PhysicalResourceId: id, StackId, RequestId, LogicalResourceId };
  try {
    if (event.RequestType !== "Delete") await publish(checked(ResourceProperties));
    return { Status: "SUCCESS", ...same };
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return { Status: "FAILED", Reason: reason.slice(0, 1024), ...same };
  }
}

function checked(properties: Partial<PublishProperties>): PublishProperties {
  const missing = WANTED.filter((name) => !properties[name]);
  if (missing.length === 0) return properties as PublishProperties;
  throw new SlaError("BadConfig", "bug", `Custom::SlaFleet lacks ${missing.join(", ")}`);
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
