import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { InvokeOutcome } from "./function.ts";

/** What function URLs and HTTP APIs hand on alike: payload format 2.0. */
export function requestEvent({ method = "GET", url = "/", headers, socket }: IncomingMessage) {
  const { pathname, searchParams } = new URL(url, "https://url");
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: pathname,
    rawQueryString: searchParams.toString(),
    ...(searchParams.size > 0 && { queryStringParameters: parametersIn(searchParams) }),
    headers,
    requestContext: {
      requestId: randomUUID(),
      http: {
        ...{ method, path: pathname, protocol: "HTTP/1.1" },
        ...{ sourceIp: socket.remoteAddress, userAgent: headers["user-agent"] },
      },
    },
  };
}

/** What comes several times is one text with commas. */
const parametersIn = (found: URLSearchParams): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...new Set(found.keys())].map((name) => [name, found.getAll(name).join(",")]),
  );

/** AWS's limit of a synchronous invocation. */
const LARGEST_BYTES = 6 * 1024 * 1024;
/** What is handed on as text; a form is none of it. */
const TEXT = /^(text\/|application\/(json|xml|javascript)\b)/;

/** As Lambda hands it on, in base64 unless it is text; undefined if it is too large. */
export async function bodyOf(request: IncomingMessage) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BYTES) return undefined;
    chunks.push(chunk);
  }
  if (bytes === 0) return { isBase64Encoded: false };
  const isText = TEXT.test(request.headers["content-type"] ?? "");
  const body = Buffer.concat(chunks).toString(isText ? "utf8" : "base64");
  return { body, isBase64Encoded: !isText };
}

/** An answer without a status is the body of a 200, as on AWS; `failed` is the status of a function that fails. */
export function passOn(outcome: InvokeOutcome, response: ServerResponse, failed: Failed): void {
  if (outcome.kind === "failed") {
    response.writeHead(failed.status, failed.headers).end(failed.body);
    return;
  }
  const { statusCode, headers, body } = JSON.parse(outcome.payload) ?? {};
  if (statusCode === undefined) response.end(outcome.payload);
  else response.writeHead(Number(statusCode), headers).end(body);
}

interface Failed {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}
