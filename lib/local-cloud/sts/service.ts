import * as client from "@aws-sdk/client-sts";
import { nameOf } from "../iam/principals.ts";
import { Sessions } from "../iam/sessions.ts";
import { AwsError, type CallContext, type ServiceDefinition } from "../wire/service.ts";

export interface StsOptions {
  /** Twelve digits. */
  readonly account: string;
  /** What every client of the local cloud signs with, assumed roles too. */
  readonly secretAccessKey: string;
  /** Where roles that were taken on are known by; default: here alone. */
  readonly sessions?: Sessions;
}

const DEFAULT_SECONDS = 3600;

/** STS: an assumed role is remembered by the access key it was given. An administrator's may everything. */
export function stsService({ account, secretAccessKey, sessions = new Sessions() }: StsOptions): {
  readonly definition: ServiceDefinition;
  /** Whose an access key is. */
  accountOf(accessKey?: string): string;
} {
  return {
    accountOf: (accessKey) => sessions.of(accessKey)?.account ?? account,
    definition: {
      name: "sts",
      client,
      operations: {
        async GetCallerIdentity(_input: object, { accessKey = "" }: CallContext) {
          const root = { Arn: `arn:aws:iam::${account}:root`, UserId: account };
          const session = sessions.of(accessKey);
          if (!session) return { Account: account, ...root };
          return {
            ...{ Account: session.account, UserId: session.userId },
            Arn: nameOf(session.caller),
          };
        },

        async AssumeRole(input: client.AssumeRoleRequest, { accessKey }: CallContext) {
          const { RoleArn = "", RoleSessionName = "", DurationSeconds = DEFAULT_SECONDS } = input;
          const isAdministrator = sessions.of(accessKey)?.isAdministrator ?? true;
          const session = sessions.open(RoleArn, RoleSessionName, isAdministrator);
          if (!session)
            throw new AwsError("ValidationError", `RoleArn: '${RoleArn}' is not a role's ARN`, 400);
          return {
            Credentials: {
              AccessKeyId: session.accessKeyId,
              SecretAccessKey: secretAccessKey,
              SessionToken: session.sessionToken,
              Expiration: new Date(Date.now() + DurationSeconds * 1000),
            },
            AssumedRoleUser: { Arn: nameOf(session.caller), AssumedRoleId: session.userId },
          };
        },
      },
    },
  };
}
