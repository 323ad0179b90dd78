import type { Functions, InvokeCall } from "../lambda/function.ts";
import type { Ask } from "./evaluate.ts";
import type { Gatekeeper } from "./gatekeeper.ts";

type Judge = Pick<Gatekeeper, "check">;

const functionArn = (account: string, { region, name }: InvokeCall) =>
  `arn:aws:lambda:${region}:${account}:function:${name}`;

/** Functions as state machines invoke them: by leave of the machine's role. */
export const forRoles = (functions: Functions, judge: Judge, account: string): Functions => ({
  async invoke(call) {
    const { by, region } = call;
    const ask = { action: "lambda:InvokeFunction", resource: functionArn(account, call) };
    if (by) judge.check(by, [ask], { region, service: "lambda" });
    return functions.invoke(call);
  },
});

/** Functions behind URLs, which anybody asks: by leave of the function's own policy. */
export const forAnybody = (functions: Functions, judge: Judge, account: string): Functions => ({
  async invoke(call) {
    const resource = functionArn(account, call);
    const asks: readonly Ask[] = [
      {
        ...{ action: "lambda:InvokeFunctionUrl", resource },
        context: { "lambda:functionurlauthtype": "NONE" },
      },
      {
        ...{ action: "lambda:InvokeFunction", resource },
        context: { "lambda:invokedviafunctionurl": "true" },
      },
    ];
    judge.check({ kind: "anybody" }, asks, { region: call.region, service: "lambda" });
    return functions.invoke(call);
  },
});

/** Functions behind HTTP APIs, which ask as API Gateway: by leave of the function's own policy for that API. */
export const forApis = (functions: Functions, judge: Judge, account: string): Functions => ({
  async invoke(call) {
    const ask = { action: "lambda:InvokeFunction", resource: functionArn(account, call) };
    const { region, source } = call;
    judge.check({ kind: "service", service: "apigateway.amazonaws.com" }, [ask], {
      ...{ region, service: "lambda" },
      context: { "aws:sourceaccount": account, "aws:sourcearn": source },
    });
    return functions.invoke(call);
  },
});
