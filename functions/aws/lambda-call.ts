import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { type ClientOptions, clientSettings, perRegion } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

/** Calls a function of ours in any region and gives its answer. */
export type Call = <T>(region: string, functionName: string, payload: unknown) => Promise<T>;

/**
 * Synchronous calls. Rejects with `CloudUnreachable` and its siblings if the region does not answer, with
 * `FunctionFailed` and the function's own words if it failed.
 */
export function lambdaCalls(clock: Clock, options: Omit<ClientOptions, "region"> = {}): Call {
  const clients = perRegion(
    (region) => new LambdaClient(clientSettings(clock, { ...options, region })),
  );
  return async <T>(region: string, functionName: string, payload: unknown) => {
    const doing = `call ${functionName} in ${region}`;
    const { FunctionError, Payload } = await answered(
      doing,
      clients(region).send(
        new InvokeCommand({ FunctionName: functionName, Payload: bytes(payload) }),
      ),
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

/** Hands an event to a function of this region; resolves when it is accepted. */
export function lambdaEvents(clock: Clock): (name: string, payload: unknown) => Promise<void> {
  const client = new LambdaClient(clientSettings(clock));
  return async (functionName, payload) => {
    const input = { FunctionName: functionName, Payload: bytes(payload) };
    await answered(
      `hand an event to ${functionName}`,
      client.send(new InvokeCommand({ ...input, InvocationType: "Event" })),
    );
  };
}

const bytes = (payload: unknown) => new TextEncoder().encode(JSON.stringify(payload));
