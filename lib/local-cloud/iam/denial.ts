import { AwsError } from "../wire/service.ts";
import { type Caller, nameOf } from "./principals.ts";

/** As each service words it: code and HTTP status; the others by the query protocol's. */
const CODES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  ec2: ["UnauthorizedOperation", 403],
  lambda: ["AccessDeniedException", 403],
  scheduler: ["AccessDeniedException", 403],
  ses: ["AccessDeniedException", 403],
  sns: ["AuthorizationError", 403],
  ...Object.fromEntries(
    ["ecs", "kms", "secretsmanager", "ssm", "states"].map((service) => [
      service,
      ["AccessDeniedException", 400] as const,
    ]),
  ),
};

export interface Denial {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  /** How the sentence ends. */
  readonly why: string;
}

/** What AWS says to whom it refuses something. */
export function denial(service: string, { caller, action, resource, why }: Denial): AwsError {
  const [code, status] = CODES[service] ?? ["AccessDenied", 403];
  const on =
    resource === "*" ? "" : ` on resource: ${service === "s3" ? `"${resource}"` : resource}`;
  const sentence = `User: ${nameOf(caller)} is not authorized to perform: ${action}${on} ${why}`;
  const prefix = service === "ec2" ? "You are not authorized to perform this operation. " : "";
  return new AwsError(code, `${prefix}${sentence}`, status);
}
