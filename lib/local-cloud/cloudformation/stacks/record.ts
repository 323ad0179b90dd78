import type {
  Change,
  ChangeSetStatus,
  Output,
  StackEvent,
  StackStatus,
} from "@aws-sdk/client-cloudformation";
import type { Created } from "../intrinsics.ts";
import type { Properties, Resource, Template } from "../template.ts";
import type { ParameterValues } from "./parameters.ts";

/** A resource that a stack has. */
export interface Held {
  readonly logicalId: string;
  readonly definition: Resource;
  /** Without intrinsic functions. */
  readonly properties: Properties;
  readonly created: Created;
  readonly at: Date;
}

/** What a stack is to be: its template with the values of its parameters. */
export interface Draft {
  /** As it was sent. */
  readonly text: string;
  readonly template: Template;
  readonly parameters: ParameterValues;
  readonly tags: readonly {
    readonly Key?: string | undefined;
    readonly Value?: string | undefined;
  }[];
}

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly kind: "CREATE" | "UPDATE";
  readonly createdAt: Date;
  readonly description?: string | undefined;
  readonly draft: Draft;
  readonly changes: readonly Change[];
  /** Whether what is there already, by a name that the template gives, becomes the stack's own. */
  readonly takesOver: boolean;
  readonly status: ChangeSetStatus;
  readonly reason?: string;
}

export interface StackRecord {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly createdAt: Date;
  updatedAt?: Date;
  deletedAt?: Date;
  status: StackStatus;
  reason?: string | undefined;
  /** What was deployed; none while it is only reviewed. */
  draft?: Draft;
  /** In the order of creation. */
  readonly held: Map<string, Held>;
  outputs: readonly Output[];
  /** Oldest first. */
  readonly events: StackEvent[];
  readonly changeSets: Map<string, ChangeSet>;
  isProtected: boolean;
}

/** Whose stacks are meant: names are one account's in one region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export const isAtWork = ({ status }: StackRecord): boolean =>
  status.endsWith("_IN_PROGRESS") && status !== "REVIEW_IN_PROGRESS";
