import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import type { Clock } from "../kernel/clock.ts";
import type { Keys } from "../prepared/ports.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";

export function kmsKeys(clock: Clock, { region }: { readonly region: string }): Keys {
  const client = new KMSClient(
    clientSettings(clock, { answerSeconds: 20, answerFloorMs: 3000, region }),
  );
  return {
    async look(key) {
      try {
        const asked = client.send(new DescribeKeyCommand({ KeyId: key }));
        const { KeyMetadata } = await answered(`describe the key ${key} of ${region}`, asked);
        const { KeyState = "unknown", DeletionDate } = KeyMetadata ?? {};
        return { state: KeyState, ...(DeletionDate && { deletedAt: DeletionDate.toISOString() }) };
      } catch (cause) {
        if (errorName(cause) === "NotFoundException") return undefined;
        throw cause;
      }
    },
  };
}
