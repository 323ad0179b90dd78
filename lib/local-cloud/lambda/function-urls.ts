import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { type Addresses, localPort } from "../addresses.ts";
import type { Authority } from "../certificates.ts";
import type { HostNames } from "../host-names.ts";
import type { Functions, InvokeOutcome } from "./function.ts";

export interface FunctionUrlsOptions {
  readonly addresses: Addresses;
  readonly authority: Authority;
  readonly dns: HostNames;
  readonly functions: Functions;
  readonly isCutOff: (region: string) => boolean;
}

/** Where a URL's certificate and address are made, one each. */
export interface FunctionUrls {
  /** `https://<id>.lambda-url.<region>.on.aws/`, the same for the same function as long as the cloud runs. */
  expose(region: string, name: string): Promise<string>;
  urlOf(region: string, name: string): string | undefined;
  close(): void;
}

const TTL_SECONDS = 60;

/** Function URLs without authentication, payload format 2.0. */
export function functionUrls(options: FunctionUrlsOptions): FunctionUrls {
  const servers = new Map<string, Server>();
  const urls = new Map<string, string>();
  return {
    urlOf: (region, name) => urls.get(`${region}/${name}`),
    async expose(region, name) {
      const key = `${region}/${name}`;
      const known = urls.get(key);
      if (known !== undefined) return known;
      const id = createHash("sha256").update(key).digest("hex").slice(0, 32);
      const host = `${id}.lambda-url.${region}.on.aws`;
      servers.set(key, await serve(host, { region, name }, options));
      urls.set(key, `https://${host}/`);
      return `https://${host}/`;
    },
    close() {
      for (const server of servers.values()) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

interface Target {
  readonly region: string;
  readonly name: string;
}

async function serve(host: string, target: Target, options: FunctionUrlsOptions): Promise<Server> {
  const { authority, addresses, dns, functions, isCutOff } = options;
  const { certPem, keyPem } = await authority.issue([host]);
  const address = addresses.next(host);
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    // A region that is cut off hangs: nobody answers, nobody refuses.
    if (isCutOff(target.region)) return;
    bodyOf(request)
      .then(async (body) => {
        if (body === undefined) return void response.writeHead(413).end();
        const payload = JSON.stringify({ ...eventOf(request), ...body });
        answer(await functions.invoke({ ...target, payload }), response);
      })
      .catch(() => response.writeHead(502).end());
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(localPort(443), address, resolve);
  await promise;
  server.unref();
  dns.set(host, address, TTL_SECONDS);
  return server;
}

function eventOf({ method = "GET", url = "/", headers, socket }: IncomingMessage) {
  const { pathname, searchParams } = new URL(url, "https://url");
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: pathname,
    rawQueryString: searchParams.toString(),
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

/** AWS's limit of a synchronous invocation. */
const LARGEST_BYTES = 6 * 1024 * 1024;
/** What is handed on as text; a form is none of it. */
const TEXT = /^(text\/|application\/(json|xml|javascript)\b)/;

/** As Lambda hands it on, in base64 unless it is text; undefined if it is too large. */
async function bodyOf(request: IncomingMessage) {
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

/** A function that fails is 502; an answer without a status is the body of a 200, as on AWS. */
function answer(outcome: InvokeOutcome, response: ServerResponse): void {
  if (outcome.kind === "failed") {
    response.writeHead(502).end("Internal Server Error");
    return;
  }
  const { statusCode, headers, body } = JSON.parse(outcome.payload) ?? {};
  if (statusCode === undefined) response.end(outcome.payload);
  else response.writeHead(Number(statusCode), headers).end(body);
}
