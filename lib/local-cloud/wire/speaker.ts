import type { Readable } from "node:stream";
import type { ErrorModel, OperationModel, ServiceModel } from "./model.ts";
import type { Routable } from "./routes.ts";
import type { RequestHead } from "./service.ts";

export interface WireRequest extends Routable, RequestHead {
  readonly id: string;
  /** Of the payload, aws-chunked framing removed. */
  readonly stream: () => Readable;
  /** The whole payload. Throws RequestEntityTooLarge. */
  readonly body: () => Promise<Buffer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | Readable;
}

/** An error on its way out; `model` is absent when the service's schemas do not know it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly fault: "Sender" | "Receiver";
  readonly fields: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: ErrorModel | undefined;
}

/** The server's side of one AWS protocol. */
export interface Speaker {
  /** Name of the operation asked for, known or not. */
  operation(request: WireRequest, service: ServiceModel): Promise<string | undefined>;
  read(request: WireRequest, service: ServiceModel, operation: OperationModel): Promise<unknown>;
  write(
    output: Readonly<Record<string, unknown>>,
    service: ServiceModel,
    operation: OperationModel,
    requestId: string,
  ): Answer;
  fail(failure: Failure, service: ServiceModel, requestId: string): Answer;
}
