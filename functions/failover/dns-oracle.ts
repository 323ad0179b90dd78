import { promises as dns } from "node:dns";
import type { Clock } from "../kernel/clock.ts";
import type { Oracle } from "./ports.ts";

/** Plan seconds for one answer. */
const ANSWER_SECONDS = 3;
const ANSWER_FLOOR_MS = 500;

/** Asks the authoritative servers themselves, so that no cache stands between us and the truth. */
export function dnsOracle(clock: Clock): Oracle {
  const addresses = new Map<string, string>();

  async function addressOf(server: string): Promise<string | undefined> {
    const known = addresses.get(server);
    if (known !== undefined) return known;
    const { address } = await dns.lookup(server, { family: 4 });
    addresses.set(server, address);
    return address;
  }

  return {
    async serversOf(name) {
      const labels = name.split(".");
      const zones = labels.slice(0, -1).map((_, index) => labels.slice(index).join("."));
      for (const zone of zones) {
        const found = await dns.resolveNs(zone).catch(() => []);
        if (found.length > 0) return found;
      }
      return [];
    },

    async cname(server, name) {
      try {
        const address = await addressOf(server);
        if (address === undefined) return undefined;
        const timeout = Math.round(clock.paced(ANSWER_SECONDS, ANSWER_FLOOR_MS));
        const resolver = new dns.Resolver({ timeout, tries: 1 });
        resolver.setServers([address]);
        const [target] = await resolver.resolveCname(name);
        return target;
      } catch {
        // No answer and no such name are both "not yet" to who asks; it says which server it was.
        return undefined;
      }
    },
  };
}
