import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { type Addresses, localPort } from "./addresses.ts";
import type { Authority } from "./certificates.ts";
import type { HostNames } from "./host-names.ts";

export interface DoorOptions {
  readonly addresses: Addresses;
  readonly authority: Authority;
  readonly dns: HostNames;
  readonly isCutOff: (region: string) => boolean;
}

/** One HTTPS host of a region, at an address of its own. */
export interface Door {
  close(): void;
}

const TTL_SECONDS = 60;

/** Opens it. Whoever throws answers 502. */
export async function openDoor(
  host: string,
  region: string,
  options: DoorOptions,
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Door> {
  const { authority, addresses, dns, isCutOff } = options;
  const { certPem, keyPem } = await authority.issue([host]);
  const address = addresses.next(host);
  const server: Server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    // A region that is cut off hangs: nobody answers, nobody refuses.
    if (isCutOff(region)) return;
    answer(request, response).catch(() => response.writeHead(502).end());
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(localPort(443), address, resolve);
  await promise;
  server.unref();
  dns.set(host, address, TTL_SECONDS);
  return {
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
