import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Content, SecretLook } from "../../lib/sla/prepared-secrets.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Vault } from "../prepared/ports.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";

/** Nobody waits for it; but a region that is lost must not take it all its time. */
const SETTINGS = { answerSeconds: 20, answerFloorMs: 3000 };
const NOT_FOUND = "ResourceNotFoundException";

/** Tells of secrets what they are like; their text ends here. */
export function secretsVault(clock: Clock, { region: here }: { readonly region: string }): Vault {
  const clients = perRegion(
    (region) =>
      new SecretsManagerClient(
        clientSettings(clock, { ...SETTINGS, region, onceIfLate: region !== here }),
      ),
  );
  return {
    async look(region, name) {
      const doing = `describe the secret ${name} of ${region}`;
      try {
        const command = new DescribeSecretCommand({ SecretId: name });
        return lookOf(await answered(doing, clients(region).send(command)), region);
      } catch (cause) {
        if (errorName(cause) === NOT_FOUND) return undefined;
        throw cause;
      }
    },

    async open(name) {
      const doing = `open the secret ${name} of ${here}`;
      const command = new GetSecretValueCommand({ SecretId: name });
      try {
        const { SecretString: text } = await answered(doing, clients(here).send(command));
        return { is: text !== undefined && isLogin(text) ? "login" : "malformed" };
      } catch (cause) {
        return unopened(cause);
      }
    },
  };
}

function lookOf(said: DescribeSecretResponse, region: string): SecretLook {
  const { DeletedDate, LastChangedDate, PrimaryRegion, ReplicationStatus = [] } = said;
  const replicas = ReplicationStatus.map(({ Region = "", Status = "unknown", StatusMessage }) => [
    Region,
    StatusMessage === undefined ? Status : `${Status}, ${StatusMessage}`,
  ]);
  return {
    ...(DeletedDate && { deletedAt: DeletedDate.toISOString() }),
    ...(LastChangedDate && { changedAt: LastChangedDate.toISOString() }),
    // Of one that others follow this is its own region.
    ...(PrimaryRegion !== undefined && PrimaryRegion !== region && { follows: PrimaryRegion }),
    replicas: Object.fromEntries(replicas),
  };
}

/** Nobody answered is no fault of the secret; everything else is: its key, its policy, its state. */
function unopened(cause: unknown): Content | undefined {
  if (cause instanceof SlaError) {
    if (cause.code !== "CloudRefused") throw cause;
    return { is: "closed", why: errorName(cause.cause) ?? cause.code };
  }
  const name = errorName(cause);
  if (name === undefined) throw cause;
  return name === NOT_FOUND ? undefined : { is: "closed", why: name };
}

function isLogin(text: string): boolean {
  try {
    const { username, password } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return [username, password].every((each) => typeof each === "string" && each !== "");
  } catch {
    return false;
  }
}
