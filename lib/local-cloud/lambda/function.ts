import type { Caller } from "../iam/principals.ts";

/** A function as its template describes it. */
export interface FunctionSpec {
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  /** Folder with the code; it becomes LAMBDA_TASK_ROOT. */
  readonly codeDirectory: string;
  /** `index.handler`: file without its ending, exported name. */
  readonly handler: string;
  /** The template's variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  /** Configured time: it is paced. */
  readonly timeoutSeconds: number;
  /** Concurrent executions it has at most; absent: as many as the account has left. */
  readonly reservedConcurrency?: number;
  readonly vpc?: { readonly securityGroups: readonly string[] };
  /** ARN of the role that its code has taken on; absent: it is an administrator. */
  readonly role?: string;
}

/** What a function raised, in AWS's shape. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** `payload` is JSON text. */
export type InvokeOutcome =
  | { readonly kind: "answered"; readonly payload: string }
  | { readonly kind: "failed"; readonly error: FunctionError };

export interface InvokeCall {
  readonly region: string;
  readonly name: string;
  /** JSON text. */
  readonly payload: string;
  /** X-Ray header; a new trace begins without it. */
  readonly trace?: string;
  /** For whom a service of the cloud invokes it; absent: for nobody who would be judged. */
  readonly by?: Caller;
  /** ARN of what the service is asked through, where the function's own policy goes by it. */
  readonly source?: string;
}

/**
 * How the other services of the cloud call functions. Rejects with an `AwsError`:
 * ResourceNotFoundException, TooManyRequestsException.
 */
export interface Functions {
  invoke(call: InvokeCall): Promise<InvokeOutcome>;
}

/** Told of every process group so that none outlives the run. */
export interface Guard {
  ownGroup(pid: number): void;
  disownGroup(pid: number): void;
}
