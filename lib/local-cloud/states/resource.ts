/** What a Task state calls. `token`: the state ends when the token comes back, not when the call does. */
export interface TaskResource {
  readonly kind: "lambda:invoke" | "function" | "ecs:runTask";
  readonly arn?: string;
  readonly token: boolean;
}

const INVOKE = /^arn:aws:states:::lambda:invoke(?<token>\.waitForTaskToken)?$/;
const RUN_TASK = "arn:aws:states:::ecs:runTask.sync";
const FUNCTION = /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/;

export function resourceOf(resource: string): TaskResource | undefined {
  const invoke = INVOKE.exec(resource);
  if (invoke) return { kind: "lambda:invoke", token: invoke.groups?.["token"] !== undefined };
  if (resource === RUN_TASK) return { kind: "ecs:runTask", token: false };
  if (FUNCTION.test(resource)) return { kind: "function", arn: resource, token: false };
  return undefined;
}
