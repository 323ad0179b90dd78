import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AwsChunkedDecoder, isAwsChunked } from "./aws-chunked.ts";
import { AwsError, type Placement } from "./service.ts";
import type { WireRequest } from "./speaker.ts";

/** Payloads that are not streamed are small; a larger one is a mistake. */
const LARGEST_BODY = 64 * 1024 * 1024;

export interface Address {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Path as sent, percent-encoding kept, and the query. */
export function addressOf(target: string): Address {
  const mark = target.indexOf("?");
  return mark < 0
    ? { path: target, query: new URLSearchParams() }
    : { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) };
}

export function wireRequest(
  id: string,
  message: IncomingMessage,
  { query }: Address,
  placement: Placement,
): WireRequest {
  let body: Promise<Buffer> | undefined;
  const stream = () => payloadOf(message);
  return {
    id,
    method: message.method ?? "GET",
    target: message.url ?? "/",
    path: placement.path,
    query,
    headers: message.headers,
    located: placement.labels,
    stream,
    body: () => (body ??= collect(stream()).then((bytes) => inflated(message, bytes))),
  };
}

function payloadOf(message: IncomingMessage): Readable {
  if (!isAwsChunked(message.headers)) return message;
  const decoder = new AwsChunkedDecoder();
  message.on("error", (cause) => decoder.destroy(cause));
  return message.pipe(decoder);
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > LARGEST_BODY)
      throw new AwsError("RequestEntityTooLarge", `a body has at most ${LARGEST_BODY} bytes`, 413);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

const unzip = promisify(gunzip);

/** Clients compress large requests of services that allow it, as PutMetricData. */
async function inflated({ headers }: IncomingMessage, bytes: Buffer): Promise<Buffer> {
  if (headers["content-encoding"] !== "gzip") return bytes;
  return unzip(bytes, { maxOutputLength: LARGEST_BODY });
}
