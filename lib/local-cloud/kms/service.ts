import { randomUUID } from "node:crypto";
import * as client from "@aws-sdk/client-kms";
import type { Keys } from "../rds/keys.ts";
import type { CallContext, ServiceDefinition } from "../wire/service.ts";

/** KMS as far as keys can be looked at: every key exists, enabled until somebody disables it. Nothing is encrypted here. */
export function kmsService(
  account: string,
  keys: Pick<Keys, "alias" | "isEnabled" | "enable" | "disable">,
): { readonly definition: ServiceDefinition } {
  const described = (KeyId: string, region: string) => {
    const id = KeyId.replace(/^arn:.*:/, "").replace(/^key\//, "");
    const isEnabled = keys.isEnabled(region, KeyId);
    return {
      KeyMetadata: {
        ...{ KeyId: id, AWSAccountId: account, KeyManager: "CUSTOMER", Enabled: isEnabled },
        Arn: `arn:aws:kms:${region}:${account}:key/${id.replace(/^alias\//, "")}`,
        KeyState: isEnabled ? "Enabled" : "Disabled",
      },
    };
  };
  return {
    definition: {
      name: "kms",
      client,
      operations: {
        CreateKey: async (_input: client.CreateKeyRequest, { region }: CallContext) =>
          described(randomUUID(), region),
        CreateAlias: async (input: client.CreateAliasRequest, { region }: CallContext) =>
          keys.alias(region, input.AliasName ?? "", input.TargetKeyId ?? ""),
        DescribeKey: async ({ KeyId = "" }: client.DescribeKeyRequest, { region }: CallContext) =>
          described(KeyId, region),
        EnableKey: async ({ KeyId = "" }: client.EnableKeyRequest, { region }: CallContext) =>
          keys.enable(region, KeyId),
        DisableKey: async ({ KeyId = "" }: client.DisableKeyRequest, { region }: CallContext) =>
          keys.disable(region, KeyId),
      },
    },
  };
}
