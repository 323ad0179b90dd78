import { createHmac } from "node:crypto";
import { SlaError } from "../kernel/errors.ts";

/** Current and, while a secret is being rotated, previous one: a receiver that knows either accepts. */
export type Secrets = readonly [string, ...string[]];

const PREFIX = "whsec_";
const LEAST_BYTES = 24;

/**
 * Headers as in https://www.standardwebhooks.com: HMAC-SHA-256 over `<id>.<timestamp>.<body>`, in base64, one for each secret.
 * Throws `BadSecret` where one is not `whsec_` and at least 24 bytes in base64.
 *
 * @param nowSeconds since 1970
 */
export function signedHeaders(
  { id, body }: { readonly id: string; readonly body: string },
  secrets: Secrets,
  nowSeconds: number,
): Readonly<Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>> {
  const timestamp = String(nowSeconds);
  const signatures = secrets.map((secret) => {
    const mac = createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`);
    return `v1,${mac.digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}

function keyOf(secret: string): Buffer {
  const encoded = secret.trim();
  const key = encoded.startsWith(PREFIX)
    ? Buffer.from(encoded.slice(PREFIX.length), "base64")
    : Buffer.alloc(0);
  if (key.length >= LEAST_BYTES) return key;
  throw new SlaError(
    "BadSecret",
    "operator",
    `the secret of a webhook: expected ${PREFIX} and at least ${LEAST_BYTES} bytes in base64, as \`echo ${PREFIX}$(openssl rand -base64 32)\` makes it`,
  );
}
