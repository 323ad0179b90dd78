import type { FunctionSpec } from "./function.ts";

/**
 * Environment variables of a function: Lambda's own, the template's above them, and what connects the
 * process to this cloud (`local`) on top.
 */
export function variablesOf(
  fn: FunctionSpec,
  runtimeApi: string,
  local: Readonly<Record<string, string>>,
): Record<string, string> {
  const { NODE_EXTRA_CA_CERTS: bundle, ...template } = fn.environment;
  // Lambda's own CA bundle exists on Lambda only; a file elsewhere is the template's business.
  const kept = bundle?.startsWith("/var/runtime/") ? undefined : bundle;
  return {
    PATH: process.env["PATH"] ?? "",
    TZ: ":UTC",
    LANG: "en_US.UTF-8",
    AWS_REGION: fn.region,
    AWS_DEFAULT_REGION: fn.region,
    AWS_ACCESS_KEY_ID: "AKIALOCALCLOUD000000",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "local",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    LAMBDA_TASK_ROOT: fn.codeDirectory,
    _HANDLER: fn.handler,
    ...template,
    ...(kept !== undefined && { NODE_EXTRA_CA_CERTS: kept }),
    ...local,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
  };
}
