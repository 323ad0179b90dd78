import { Resolver } from "node:dns/promises";
import type { Addresses } from "../addresses.ts";
import { Gate } from "../network/gate.ts";
import type { TaskNetwork } from "./task.ts";

export interface TaskNetworkOptions {
  readonly addresses: Addresses;
  /** `127.a.b.c:port` */
  readonly dnsServers: readonly string[];
  /** Where its connections come from: what security groups see. */
  readonly source: string;
  /** Of every process of this cloud. */
  readonly environment: Readonly<Record<string, string>>;
  readonly caFile: string;
}

const POSTGRES_PORT = 5432;

/**
 * Programs that are not ours resolve names at the machine's own servers and choose their own source address. For
 * PostgreSQL's clients a relay makes up for both: `PGHOSTADDR` leads to it while `PGHOST` keeps the name to verify.
 */
export function taskNetwork(options: TaskNetworkOptions): TaskNetwork {
  const relays: Gate[] = [];
  const relay = async (host: string, port: number): Promise<string | undefined> => {
    const resolver = new Resolver({ timeout: 1000, tries: 2 });
    resolver.setServers(options.dnsServers);
    // A name nobody knows is the program's to complain of.
    const [target] = await resolver.resolve4(host).catch((): string[] => []);
    if (target === undefined) return undefined;
    const address = options.addresses.next(`task to ${host}`);
    const { source } = options;
    relays.push(
      await Gate.open({ address, port, target: { address: target, port }, source, label: host }),
    );
    return address;
  };
  return {
    async environment({ PGHOST, PGPORT }) {
      const port = Number(PGPORT ?? POSTGRES_PORT);
      const address = PGHOST === undefined ? undefined : await relay(PGHOST, port);
      return {
        PATH: process.env["PATH"] ?? "",
        LANG: "C.UTF-8",
        TZ: "UTC",
        ...options.environment,
        PGSSLROOTCERT: options.caFile,
        ...(address !== undefined && { PGHOSTADDR: address }),
      };
    },
    async close() {
      await Promise.all(relays.map((gate) => gate.close()));
    },
  };
}
