/** How a service is called, without the wire: what each service folder implements. */
export interface CallContext {
  readonly region: string;
  readonly requestId: string;
  /** `X-Amzn-Trace-Id` of the call. */
  readonly trace?: string;
  readonly accessKey?: string;
}

// The input is what the SDK client of that service would have sent; every handler narrows it by the
// client's own Command input type.
// biome-ignore lint/suspicious/noExplicitAny: one table holds operations of every shape.
export type Operation = (input: any, context: CallContext) => Promise<unknown>;

export interface ServiceDefinition {
  /** `rds`, `s3`, `route53`, … as in the events. */
  readonly name: string;
  /** The SDK client package's namespace import: its exported schemas drive the wire. */
  readonly client: object;
  /** Signing names in the SigV4 credential scope that lead here; default: the name. */
  readonly signingNames?: readonly string[];
  /** By operation name. What is absent answers 501 with its name. */
  readonly operations: Readonly<Record<string, Operation>>;
}

/** An error as AWS would answer it. `code` is the modelled name or the wire code. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number | undefined;

  constructor(code: string, message: string, status?: number) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
  }
}
