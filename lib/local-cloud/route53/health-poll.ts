import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import type { HealthCheckConfig } from "@aws-sdk/client-route-53";
import type { Pace } from "../pace.ts";
import type { Observation } from "./health-check.ts";

/** Route 53 gives four seconds to connect and two to answer. */
const CONNECT_SECONDS = 4;
const ANSWER_SECONDS = 2;
const FLOOR_MS = 500;
const SEARCHED_BYTES = 5120;
/** An AWS port below 1024 is served 8000 higher on the same address. */
const servedPort = (port: number) => (port < 1024 ? port + 8000 : port);

/** One look at the endpoint; never rejects. Certificates are not validated, as on AWS. */
export async function poll(
  config: HealthCheckConfig,
  addressOf: (name: string) => string | undefined,
  pace: Pace,
): Promise<Observation> {
  const name = config.FullyQualifiedDomainName;
  const address = config.IPAddress ?? (name === undefined ? undefined : addressOf(name));
  try {
    if (address === undefined) throw new Error(`DNS resolution failed for ${name}`);
    const status = await fetchStatus(config, address, pace);
    return { ok: true, status: `Success: ${status}`, at: new Date() };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return { ok: false, status: `Failure: ${why}`, at: new Date() };
  }
}

async function fetchStatus(config: HealthCheckConfig, address: string, pace: Pace) {
  const request = isSecure(config) ? httpsRequest : httpRequest;
  const response = await answerOf(request, requestOptions(config, address, pace));
  const body = await beginningOf(response);
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 399) throw new Error(`HTTP Status Code ${status}`);
  if (config.SearchString !== undefined && !body.includes(config.SearchString)) {
    throw new Error("HTTP response body did not contain the search string");
  }
  return `HTTP Status Code ${status}`;
}

const isSecure = ({ Type }: HealthCheckConfig) => Type?.startsWith("HTTPS") ?? false;

function requestOptions(config: HealthCheckConfig, address: string, pace: Pace): RequestOptions {
  const name = config.FullyQualifiedDomainName;
  return {
    host: address,
    port: servedPort(config.Port ?? (isSecure(config) ? 443 : 80)),
    path: config.ResourcePath ?? "/",
    headers: { host: name ?? address },
    agent: false,
    rejectUnauthorized: false,
    ...(name !== undefined && { servername: name }),
    signal: AbortSignal.timeout(pace.ms(CONNECT_SECONDS + ANSWER_SECONDS, FLOOR_MS)),
  };
}

function answerOf(
  request: typeof httpsRequest | typeof httpRequest,
  options: RequestOptions,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(options, resolve).on("error", reject).end();
  return promise;
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response) {
    parts.push(part);
    size += part.length;
    if (size >= SEARCHED_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, SEARCHED_BYTES).toString("utf8");
}
