import { Resolver } from "node:dns/promises";
import { request } from "node:https";
import type { Stage } from "../../lib/drill/stage.ts";
import { localPort } from "../../lib/local-cloud/addresses.ts";

/** What a person's browser does on the local cloud: it asks its DNS and trusts its authority. */
export async function visit({ cloud: { ground } }: Stage, link: string, form?: URLSearchParams) {
  const { hostname, pathname } = new URL(link);
  const resolver = new Resolver();
  resolver.setServers([...ground.dnsServers]);
  const [host] = await resolver.resolve4(hostname);
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const type = { "content-type": "application/x-www-form-urlencoded" };
  request(
    {
      ...{ host, port: localPort(443), servername: hostname, ca: ground.authority.caPem },
      ...{ path: pathname, agent: false, method: form ? "POST" : "GET" },
      headers: { host: hostname, ...(form && type) },
    },
    async (response) => {
      const text = (await response.toArray()).join("");
      resolve({ status: response.statusCode ?? 0, text });
    },
  )
    .on("error", reject)
    .end(form ? String(form) : undefined);
  return promise;
}
