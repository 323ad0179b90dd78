import type { Contents, Instance } from "./instance.ts";
import { invalidCombination } from "./parameters.ts";
import type { World } from "./world.ts";

/** The key that RDS makes for itself in each region of an account, where nobody names another. */
const defaultKey = (account: string, region: string) =>
  `arn:aws:kms:${region}:${account}:key/aws-rds`;

type Encryption = Pick<Contents, "encrypted" | "kmsKey">;

/** Of a new instance. @throws AwsError InvalidParameterCombination, KMSKeyNotAccessibleFault */
export function encryptionOf(
  { account, mishaps }: World,
  region: string,
  encrypted: boolean,
  kmsKey: string | undefined,
): Encryption {
  if (!encrypted && kmsKey !== undefined) {
    throw invalidCombination("KmsKeyId is for encrypted storage: set StorageEncrypted.");
  }
  mishaps.keys.check(region, kmsKey);
  return encrypted ? { encrypted, kmsKey: kmsKey ?? defaultKey(account, region) } : { encrypted };
}

/**
 * Of a replica: encrypted as its source is, and in another region by a key of that region, which has to be named. The first refusal is in RDS's words.
 *
 * @throws AwsError InvalidParameterCombination, KMSKeyNotAccessibleFault
 */
export function replicaContents(
  { mishaps }: World,
  region: string,
  { region: home, contents }: Instance,
  kmsKey: string | undefined,
): Contents {
  if (contents.encrypted && kmsKey === undefined && home !== region) {
    throw invalidCombination(
      "Cannot create a cross region unencrypted read replica from encrypted source.",
    );
  }
  if (!contents.encrypted && kmsKey !== undefined) {
    throw invalidCombination(
      "You cannot create an encrypted Read Replica from an unencrypted source.",
    );
  }
  mishaps.keys.check(region, kmsKey);
  return { ...contents, ...(kmsKey !== undefined && { kmsKey }) };
}
