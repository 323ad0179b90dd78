import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Secrets } from "../webhook/signature.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";

const KEPT_SECONDS = 300;

/** The current value of a secret and the one before it, as they were at most five minutes ago. */
export function webhookSecrets(clock: Clock): { read(name: string): Promise<Secrets> } {
  const client = new SecretsManagerClient(clientSettings(clock));
  const known = new Map<string, { readonly secrets: Promise<Secrets>; readonly untilMs: number }>();
  const read = async (name: string, stage: "AWSCURRENT" | "AWSPREVIOUS") => {
    const input = { SecretId: name, VersionStage: stage };
    const value = await answered(
      `read the secret ${name}`,
      client.send(new GetSecretValueCommand(input)),
    );
    if (value.SecretString !== undefined) return value.SecretString;
    throw new SlaError("BadSecret", "operator", `the secret ${name}: it is binary, expected text`);
  };
  const both = async (name: string): Promise<Secrets> => {
    const [current, previous] = await Promise.all([
      read(name, "AWSCURRENT"),
      read(name, "AWSPREVIOUS").catch((cause: unknown) => {
        if (errorName(cause) === "ResourceNotFoundException") return undefined;
        throw cause;
      }),
    ]);
    return previous === undefined ? [current] : [current, previous];
  };
  return {
    read(name) {
      const now = clock.now().getTime();
      const held = known.get(name);
      if (held && held.untilMs > now) return held.secrets;
      const secrets = both(name);
      known.set(name, { secrets, untilMs: now + clock.paced(KEPT_SECONDS) });
      // What went wrong is asked again.
      secrets.catch(() => known.delete(name));
      return secrets;
    },
  };
}
