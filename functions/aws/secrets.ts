import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Secrets } from "../sql/server.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

/** The secrets of the region the function runs in. */
export function secretsHere(clock: Clock): Secrets {
  const client = new SecretsManagerClient(clientSettings(clock));
  return {
    async read(name) {
      const doing = `read the secret ${name}`;
      const value = await answered(
        doing,
        client.send(new GetSecretValueCommand({ SecretId: name })),
      );
      if (value.SecretString !== undefined) return value.SecretString;
      throw new SlaError("BadSecret", "operator", `${doing}: it is binary, expected JSON text`);
    },
  };
}
