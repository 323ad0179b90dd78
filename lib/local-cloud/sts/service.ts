import { randomBytes } from "node:crypto";
import * as client from "@aws-sdk/client-sts";
import { AwsError, type CallContext, type ServiceDefinition } from "../wire/service.ts";

export interface StsOptions {
  /** Twelve digits. */
  readonly account: string;
  /** What every client of the local cloud signs with, assumed roles too. */
  readonly secretAccessKey: string;
}

const ROLE_ARN = /^arn:aws:iam::\d{12}:role\/(?:.*\/)?([\w+=,.@-]+)$/;
const DEFAULT_SECONDS = 3600;

/** STS: one account, no permissions; an assumed role is remembered by the access key it was given. */
export function stsService({ account, secretAccessKey }: StsOptions): {
  readonly definition: ServiceDefinition;
  /** Whose an access key is. */
  accountOf(accessKey?: string): string;
} {
  const sessions = new Map<string, { readonly Arn: string; readonly UserId: string }>();
  return {
    accountOf: (accessKey = "") => sessions.get(accessKey)?.Arn.split(":")[4] ?? account,
    definition: {
      name: "sts",
      client,
      operations: {
        async GetCallerIdentity(_input: object, { accessKey = "" }: CallContext) {
          const root = { Arn: `arn:aws:iam::${account}:root`, UserId: account };
          const { Arn, UserId } = sessions.get(accessKey) ?? root;
          return { Account: Arn.split(":")[4], Arn, UserId };
        },

        async AssumeRole(input: client.AssumeRoleRequest) {
          const { RoleArn = "", RoleSessionName = "", DurationSeconds = DEFAULT_SECONDS } = input;
          const role = ROLE_ARN.exec(RoleArn)?.[1];
          if (role === undefined)
            throw new AwsError("ValidationError", `RoleArn: '${RoleArn}' is not a role's ARN`, 400);
          const AccessKeyId = `ASIA${randomBytes(8).toString("hex").toUpperCase()}`;
          const session = {
            Arn: `arn:aws:sts::${RoleArn.split(":")[4]}:assumed-role/${role}/${RoleSessionName}`,
            UserId: `AROA${role.toUpperCase()}:${RoleSessionName}`,
          };
          sessions.set(AccessKeyId, session);
          return {
            Credentials: {
              AccessKeyId,
              SecretAccessKey: secretAccessKey,
              SessionToken: randomBytes(24).toString("base64"),
              Expiration: new Date(Date.now() + DurationSeconds * 1000),
            },
            AssumedRoleUser: { Arn: session.Arn, AssumedRoleId: session.UserId },
          };
        },
      },
    },
  };
}
