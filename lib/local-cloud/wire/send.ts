import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Answer } from "./speaker.ts";

const BODILESS = new Set([204, 304]);

/** Sends an answer; a client that hung up meanwhile is no error. */
export async function send(
  answer: Answer,
  requestId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (response.destroyed) return;
  const isBodiless = BODILESS.has(answer.status) || request.method === "HEAD";
  const body = isBodiless ? discard(answer.body) : answer.body;
  response.writeHead(answer.status, {
    "x-amzn-requestid": requestId,
    "x-amz-request-id": requestId,
    ...answer.headers,
    ...(!isBodiless && lengthOf(body)),
  });
  if (!(body instanceof Readable)) response.end(body);
  else await pipeline(body, response).catch(() => response.destroy());
}

function discard(body: Answer["body"]): string {
  if (body instanceof Readable) body.destroy();
  return "";
}

const lengthOf = (body: Answer["body"]) =>
  body instanceof Readable ? {} : { "content-length": String(Buffer.byteLength(body)) };
