import { LambdaClient } from "@aws-sdk/client-lambda";
import { afterEach, describe, expect, it, vi } from "vitest";
import { lambdaCalls } from "../../../functions/aws/lambda-call.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";

const failing = (name: string) => Object.assign(new Error("told so"), { name });
const answer = { Payload: { transformToString: () => '{"ok":true}' } };

/** The SDK's client answers in this order. */
function answering(...outcomes: readonly (Error | typeof answer)[]) {
  const send = vi.spyOn(LambdaClient.prototype, "send");
  for (const outcome of outcomes) {
    send.mockImplementationOnce(() =>
      outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome),
    );
  }
  return send;
}

afterEach(() => vi.restoreAllMocks());

describe("a call of a function in another region", () => {
  const ask = (options?: { readonly maxAttempts: number }) =>
    lambdaCalls(clockFrom({}), options)("eu-west-1", "sla-probe", {});

  it.each(["ECONNRESET", "TooManyRequestsException"])("is repeated once after %s", async (name) => {
    const send = answering(failing(name), answer);
    await expect(ask()).resolves.toEqual({ ok: true });
    expect(send).toHaveBeenCalledTimes(2);
  });

  it("fails if the repeat does", async () => {
    const send = answering(failing("ECONNRESET"), failing("ECONNRESET"), answer);
    await expect(ask()).rejects.toMatchObject({ code: "CloudUnreachable" });
    expect(send).toHaveBeenCalledTimes(2);
  });

  it("is not repeated when it took too long: its work is still under way there", async () => {
    const send = answering(failing("TimeoutError"), answer);
    await expect(ask()).rejects.toMatchObject({ code: "CloudUnreachable" });
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("is not repeated where one attempt was asked for", async () => {
    const send = answering(failing("ECONNRESET"), answer);
    await expect(ask({ maxAttempts: 1 })).rejects.toMatchObject({ code: "CloudUnreachable" });
    expect(send).toHaveBeenCalledTimes(1);
  });
});
