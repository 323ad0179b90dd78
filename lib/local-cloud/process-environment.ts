import type { Ground } from "./cloud.ts";
import type { FunctionSpec } from "./lambda/function.ts";

type Variables = Readonly<Record<string, string>>;

/** What connects a function's process to this cloud, and to nothing else. */
export function functionEnvironment(ground: Ground, url: string, fn: FunctionSpec): Variables {
  const { region, vpc, role, name } = fn;
  const { sources } = ground;
  const source = vpc ? sources.ofGroups(region, vpc.securityGroups) : sources.ofRegion(region);
  const keys = role === undefined ? administrator(ground) : holder(ground, role, name);
  return { ...processEnvironment(ground, url, region, source), ...keys };
}

/** Of a process with no credentials. */
export const processEnvironment = (
  { pace, clientEnvironment }: Ground,
  url: string,
  region: string,
  source: string,
): Variables => ({
  ...clientEnvironment(source),
  AWS_ENDPOINT_URL: url,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  SLA_PACE: String(pace.factor),
});

/** Credentials of who has taken a role on. @throws RangeError if it is no role's ARN */
export function holder({ credentials, sessions }: Ground, role: string, name: string): Variables {
  const session = sessions.open(role, name);
  if (!session) throw new RangeError(`${role}: expected the ARN of a role`);
  return {
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
  };
}

const administrator = ({ credentials }: Ground): Variables => ({
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
});
