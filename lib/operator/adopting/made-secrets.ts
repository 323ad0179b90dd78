import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  RemoveRegionsFromReplicationCommand,
  ReplicateSecretToRegionsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { clientSettings, perRegion } from "../../../functions/aws/clients.ts";
import { answered, errorName } from "../../../functions/aws/cloud-errors.ts";
import { secretsVault } from "../../../functions/aws/secret-looks.ts";
import { secretsHere } from "../../../functions/aws/secrets.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import type { Login, Secrets } from "./ports.ts";
import { MADE_NOTE } from "./standby-step.ts";

const PATIENT = { answerSeconds: 20, answerFloorMs: 5000, maxAttempts: 4 } as const;
/** As long as Secrets Manager lets a deletion be taken back. */
const RECOVERY_DAYS = 30;

export function madeSecrets(clock: Clock): Secrets {
  const client = perRegion(
    (region) => new SecretsManagerClient(clientSettings(clock, { region, ...PATIENT })),
  );
  const vault = perRegion((region) => secretsVault(clock, { region }));
  const reader = perRegion((region) => secretsHere(clock, region));
  const to = (regions: readonly string[]) => regions.map((Region) => ({ Region }));
  return {
    async look(region, name) {
      const found = await vault(region).look(region, name);
      if (!found) return undefined;
      const command = new DescribeSecretCommand({ SecretId: name });
      const { Tags = [] } = await answered(
        `describe ${name} of ${region}`,
        client(region).send(command),
      );
      const madeFor = Tags.find(({ Key }) => Key === MADE_NOTE)?.Value;
      return { ...found, ...(madeFor !== undefined && { madeFor }) };
    },

    async read(region, name) {
      try {
        return loginIn(await reader(region).read(name));
      } catch (cause) {
        if (errorName(cause) === "ResourceNotFoundException") return undefined;
        throw cause;
      }
    },

    async make(region, name, { instance, login, replicas }) {
      const command = new CreateSecretCommand({
        Name: name,
        Description: `what hosting-sla watches ${instance} with`,
        SecretString: JSON.stringify(login),
        Tags: [{ Key: MADE_NOTE, Value: instance }],
        ...(replicas.length > 0 && { AddReplicaRegions: to(replicas) }),
      });
      try {
        await answered(`make the secret ${name} in ${region}`, client(region).send(command));
      } catch (cause) {
        // Whoever was first has made it: the next look reads theirs.
        if (errorName(cause) !== "ResourceExistsException") throw cause;
      }
    },

    async replicate(region, name, regions) {
      const command = new ReplicateSecretToRegionsCommand({
        SecretId: name,
        AddReplicaRegions: to(regions),
      });
      await answered(`replicate the secret ${name} of ${region}`, client(region).send(command));
    },

    remove: (region, name, replicas) => removed(client(region), name, replicas),
  };
}

/** Replicas first: a secret that has some cannot be deleted. */
async function removed(
  client: SecretsManagerClient,
  name: string,
  replicas: readonly string[],
): Promise<void> {
  if (replicas.length > 0) {
    const command = new RemoveRegionsFromReplicationCommand({
      SecretId: name,
      RemoveReplicaRegions: [...replicas],
    });
    await answered(`take the copies of ${name} away`, client.send(command));
  }
  const command = new DeleteSecretCommand({
    SecretId: name,
    RecoveryWindowInDays: RECOVERY_DAYS,
  });
  await answered(`delete the secret ${name}`, client.send(command));
}

function loginIn(text: string): Login | undefined {
  try {
    const { username, password } = JSON.parse(text) as Partial<Login>;
    return typeof username === "string" && typeof password === "string"
      ? { username, password }
      : undefined;
  } catch {
    return undefined;
  }
}
