import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { type RawRoute, WireServer } from "../../../lib/local-cloud/wire/server.ts";
import type { ServiceDefinition } from "../../../lib/local-cloud/wire/service.ts";

export const SECRET = "local-secret";

/** A wire server on a free port with what an SDK client needs to reach it. */
export async function running(
  definitions: readonly ServiceDefinition[],
  options: {
    isCutOff?: (region: string) => boolean;
    isSilent?: (service: string, region: string) => boolean;
    routes?: readonly RawRoute[];
  } = {},
) {
  const log = new EventLog();
  const server = new WireServer({ log, ...options });
  for (const definition of definitions) server.add(definition);
  const url = await server.listen("127.0.0.1", 0);
  return {
    url,
    log,
    server,
    client: (region = "eu-central-2") => ({
      endpoint: url,
      region,
      credentials: { accessKeyId: "local", secretAccessKey: SECRET },
      maxAttempts: 1,
    }),
  };
}
