import { randomUUID } from "node:crypto";
import type { ResourceStatus, StackStatus } from "@aws-sdk/client-cloudformation";
import type { StackRecord } from "./record.ts";

export interface Subject {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string | undefined;
  readonly reason?: string | undefined;
}

/** Tells what an operation does to a stack, event by event. */
export class Journal {
  readonly #stack: StackRecord;
  readonly #operation = randomUUID();

  constructor(stack: StackRecord) {
    this.#stack = stack;
  }

  resource(status: ResourceStatus, { logicalId, type, physicalId, reason }: Subject): void {
    const { id, name, events } = this.#stack;
    events.push({
      ...{ StackId: id, StackName: name, EventId: `${logicalId}-${status}-${randomUUID()}` },
      ...{ OperationId: this.#operation, LogicalResourceId: logicalId, ResourceType: type },
      ...{ PhysicalResourceId: physicalId ?? "", ResourceStatus: status },
      ...(reason !== undefined && { ResourceStatusReason: reason }),
      Timestamp: this.#next(),
    });
  }

  /** The stack has this status from now on. */
  stack(status: StackStatus, reason?: string): void {
    const { id, name } = this.#stack;
    this.#stack.status = status;
    this.#stack.reason = reason;
    const type = "AWS::CloudFormation::Stack";
    // Every status of a stack is one of a resource's, too.
    const same = status as ResourceStatus;
    this.resource(same, { logicalId: name, type, physicalId: id, reason });
  }

  /** Clients put events in order by their time: none has that of another. */
  #next(): Date {
    const last = this.#stack.events.at(-1)?.Timestamp?.getTime() ?? 0;
    return new Date(Math.max(Date.now(), last + 1));
  }
}
