import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Secrets } from "../deliver/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";

/** One that waits for its deletion is as good as gone. */
const GONE: ReadonlySet<string> = new Set(["ResourceNotFoundException", "InvalidRequestException"]);

/** The secrets of the region the function runs in. */
export function destinationSecrets(clock: Clock): Secrets {
  const client = new SecretsManagerClient(clientSettings(clock));
  return {
    async read(name) {
      const asked = client.send(new GetSecretValueCommand({ SecretId: name }));
      try {
        // One of bytes is no JSON either.
        return (await answered(`read the secret ${name}`, asked)).SecretString ?? "";
      } catch (cause) {
        if (GONE.has(errorName(cause) ?? "")) return undefined;
        throw cause;
      }
    },
  };
}
