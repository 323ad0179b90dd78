import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { clientSettings } from "../../functions/aws/clients.ts";
import { answered } from "../../functions/aws/cloud-errors.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import { UserError } from "../cli/user-error.ts";

interface Claim {
  /** Of the fleet file. */
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
}

/**
 * The ARN behind the credentials. Throws UserError unless they are of the fleet's account; a region that is
 * silent proves nothing.
 */
export async function checkIdentity({ account, region, clock }: Claim): Promise<string> {
  const client = new STSClient(clientSettings(clock, { region }));
  try {
    const call = client.send(new GetCallerIdentityCommand({}));
    const { Account, Arn = UNKNOWN } = await answered(`ask ${region} who we are`, call);
    if (Account === account) return Arn;
    throw new UserError(
      `provider.account: these credentials are of account ${Account}, the fleet is in ${account}; choose another AWS_PROFILE or --fleet`,
    );
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    if (isSilent(cause)) return UNKNOWN;
    throw refused((cause as Error).message, cause);
  } finally {
    client.destroy();
  }
}

const UNKNOWN = "unknown";

const isSilent = (cause: unknown) =>
  ["CloudUnreachable", "CloudThrottled"].includes((cause as { readonly code?: string }).code ?? "");

/** For who needs an answer: why there is none. */
export const notTaken = (cause: unknown): UserError =>
  isSilent(cause)
    ? new UserError(`${(cause as Error).message}; try again, or another region`, 1, { cause })
    : refused((cause as Error).message, cause);

const refused = (message: string, cause: unknown) =>
  new UserError(
    /credentials.*provider/i.test(message)
      ? "no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (sla local up prints those of the local cloud)"
      : `AWS does not take these credentials: ${message.split("\n")[0]}`,
    2,
    { cause },
  );
