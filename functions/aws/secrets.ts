import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Secrets } from "../sql/server.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

/** The secrets of a region, by default of that in which the function runs. */
export function secretsHere(clock: Clock, region?: string): Secrets {
  const client = new SecretsManagerClient(
    clientSettings(clock, { ...(region !== undefined && { region }) }),
  );
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
