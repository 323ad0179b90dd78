import * as client from "@aws-sdk/client-kms";
import type { Keys } from "../rds/keys.ts";
import type { CallContext, ServiceDefinition } from "../wire/service.ts";

/** KMS as far as keys can be looked at: every key exists, enabled until a test disables it. Nothing is encrypted here. */
export function kmsService(
  account: string,
  keys: Pick<Keys, "isEnabled">,
): { readonly definition: ServiceDefinition } {
  return {
    definition: {
      name: "kms",
      client,
      operations: {
        async DescribeKey({ KeyId = "" }: client.DescribeKeyRequest, { region }: CallContext) {
          const id = KeyId.replace(/^arn:.*:/, "").replace(/^key\//, "");
          const isEnabled = keys.isEnabled(region, KeyId);
          return {
            KeyMetadata: {
              ...{ KeyId: id, AWSAccountId: account, KeyManager: "CUSTOMER", Enabled: isEnabled },
              Arn: `arn:aws:kms:${region}:${account}:key/${id.replace(/^alias\//, "")}`,
              KeyState: isEnabled ? "Enabled" : "Disabled",
            },
          };
        },
      },
    },
  };
}
