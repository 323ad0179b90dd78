import { createServer } from "node:https";
import { localPort } from "../local-cloud/addresses.ts";
import type { LocalCloud } from "../local-cloud/cloud.ts";

/**
 * Stands for the well-known hosts that vantages use as control targets: they answer whatever happens to
 * the fleet.
 */
export async function startControlPages(
  cloud: LocalCloud,
  urls: readonly string[],
): Promise<() => Promise<void>> {
  const names = urls.map((url) => new URL(url).hostname);
  const { certPem, keyPem } = await cloud.ground.authority.issue(
    names.length === 0 ? ["control"] : names,
  );
  const address = cloud.ground.addresses.next("control targets");
  for (const name of names) cloud.ground.dns.set(name, address, 60);
  const server = createServer({ cert: certPem, key: keyPem }, (_, response) =>
    response.end("ok\n"),
  );
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(localPort(443), address, done);
  });
  // A bring-up that fails elsewhere ends without closing it.
  server.unref();
  return () =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
}
