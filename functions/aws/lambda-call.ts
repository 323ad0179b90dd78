import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { type ClientOptions, clientSettings, perRegion } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";

/** Calls a function of ours in any region and gives its answer. */
export type Call = <T>(region: string, functionName: string, payload: unknown) => Promise<T>;

/**
 * Synchronous calls, with one attempt more where the first was broken off or turned away: a connection
 * kept over a freeze of the function is found dead only by using it. What has not answered in time is not
 * asked again: its work is still under way there. Rejects with `CloudUnreachable` and its siblings if the region does not answer, with
 * `FunctionFailed` and the function's own words if it failed.
 */
export function lambdaCalls(clock: Clock, options: Omit<ClientOptions, "region"> = {}): Call {
  const clients = perRegion(
    (region) => new LambdaClient(clientSettings(clock, { ...options, region, maxAttempts: 1 })),
  );
  return async <T>(region: string, functionName: string, payload: unknown) => {
    const doing = `call ${functionName} in ${region}`;
    const input = { FunctionName: functionName, Payload: bytes(payload) };
    const ask = () => clients(region).send(new InvokeCommand(input));
    const repeat = options.maxAttempts === 1 ? never : isWorthRepeating;
    const { FunctionError, Payload } = await answered(
      doing,
      ask().catch((cause: unknown) => {
        if (repeat(cause)) return ask();
        throw cause;
      }),
    );
    const said = Payload?.transformToString() ?? "";
    if (FunctionError === undefined) return JSON.parse(said) as T;
    throw new SlaError(
      "FunctionFailed",
      "bug",
      `${doing}: ${FunctionError}: ${said.slice(0, 500)}`,
    );
  };
}

/** Hands an event to a function of this region, or of the one that is named; resolves when it is accepted. */
export function lambdaEvents(
  clock: Clock,
  region?: string,
): (name: string, payload: unknown) => Promise<void> {
  const client = new LambdaClient(clientSettings(clock, region === undefined ? {} : { region }));
  return async (functionName, payload) => {
    const input = { FunctionName: functionName, Payload: bytes(payload) };
    await answered(
      `hand an event to ${functionName}`,
      client.send(new InvokeCommand({ ...input, InvocationType: "Event" })),
    );
  };
}

const never = () => false;
const isWorthRepeating = (cause: unknown) => errorName(cause) !== "TimeoutError";

const bytes = (payload: unknown) => new TextEncoder().encode(JSON.stringify(payload));
