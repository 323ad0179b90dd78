/** What a Task state calls. `token`: the state ends when the token comes back, not when the call does. */
export interface TaskResource {
  readonly kind: "lambda:invoke" | "function";
  readonly arn?: string;
  readonly token: boolean;
}

const INVOKE = /^arn:aws:states:::lambda:invoke(?<token>\.waitForTaskToken)?$/;
const FUNCTION = /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/;

export function resourceOf(resource: string): TaskResource | undefined {
  const invoke = INVOKE.exec(resource);
  if (invoke) return { kind: "lambda:invoke", token: invoke.groups?.["token"] !== undefined };
  if (FUNCTION.test(resource)) return { kind: "function", arn: resource, token: false };
  return undefined;
}
