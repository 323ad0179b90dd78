/** How a service is called, without the wire: what each service folder implements. */
export interface CallContext {
  readonly region: string;
  readonly requestId: string;
  /** `X-Amzn-Trace-Id` of the call. */
  readonly trace?: string;
  readonly accessKey?: string;
  /** Given with the key of a role that was taken on. */
  readonly sessionToken?: string;
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
  /** Signing names in the SigV4 credential scope that lead here; default: the name and the client's own. */
  readonly signingNames?: readonly string[];
  /** By operation name. What is absent answers 501 with its name. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** Looks at a request before it is read: refuses it by throwing, or finds labels that are not in the path. */
  readonly admit?: (request: RequestHead) => Placement;
}

/** A request before its body. Header names are in lower case; `target` is the path and query as sent. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Where a request points: `labels` holds what the service keeps outside the path, as a bucket. */
export interface Placement {
  readonly path: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** An error as AWS would answer it. `code` is the modelled name or the wire code. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number | undefined;
  /** Further members of the modelled error. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Headers of the answer beside those of the protocol. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    message: string,
    status?: number,
    fields: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.fields = fields;
    this.headers = headers;
  }
}
