import { isIPv4 } from "node:net";
import type { HostNames } from "../host-names.ts";
import type { Pace } from "../pace.ts";
import { type Listener, listenOn } from "./listeners.ts";
import { reply } from "./message.ts";
import { resolve, type World } from "./resolve.ts";
import { bare, type DnsZone, type ZoneSource } from "./zone-source.ts";

/** Name servers as Route 53 names them: one below each of four top-level domains. */
const TOP_LEVELS = ["com", "net", "org", "co.uk"] as const;
const NAME_SERVER_TTL_SECONDS = 172_800;

/**
 * The DNS of the local cloud, authoritative for everything in it: the zones of Route 53 and AWS's own
 * names. There is no other DNS, so a name it does not know does not exist.
 */
export class DnsServer implements HostNames {
  readonly #pace: Pace;
  readonly #hosts = new Map<string, { address: string; ttlSeconds: number }>();
  readonly #listeners: Listener[] = [];
  readonly #world: World;
  #zones: ZoneSource = { zoneOf: () => undefined };
  #nameServers: readonly string[] = [];

  constructor({ pace }: { readonly pace: Pace }) {
    this.#pace = pace;
    this.#world = {
      host: (name) => this.#hosts.get(name),
      zoneOf: (name): DnsZone | undefined => this.#zones.zoneOf(name),
      ttl: (seconds) => Math.ceil(this.#pace.ms(seconds, this.#pace.floors.dnsTtlMs) / 1000),
    };
  }

  /** Host names of the listening addresses, as a hosted zone's delegation set shows them. */
  get nameServers(): readonly string[] {
    return this.#nameServers;
  }

  /** Serves UDP and TCP on `port` of every address; each address becomes a name server with a name. */
  async listen(addresses: readonly string[], port: number): Promise<void> {
    const outcomes = await Promise.allSettled(
      addresses.map((address) =>
        listenOn(address, port, (bytes, transport) => reply(bytes, transport, this.#world)),
      ),
    );
    this.#listeners.push(...outcomes.flatMap((it) => (it.status === "fulfilled" ? it.value : [])));
    const failed = outcomes.find((it) => it.status === "rejected");
    if (failed) {
      await this.close();
      throw failed.reason;
    }
    this.#nameServers = addresses.map((address, index) => {
      const name = `ns-${index + 1}.awsdns-local.${TOP_LEVELS[index % TOP_LEVELS.length]}`;
      this.set(name, address, NAME_SERVER_TTL_SECONDS);
      return name;
    });
  }

  useZones(zones: ZoneSource): void {
    this.#zones = zones;
  }

  set(name: string, address: string, ttlSeconds: number): void {
    if (!isIPv4(address)) {
      throw new RangeError(`dns: ${name}: expected an IPv4 address, got '${address}'`);
    }
    this.#hosts.set(bare(name), { address, ttlSeconds });
  }

  remove(name: string): void {
    this.#hosts.delete(bare(name));
  }

  /** What a client that asks now would connect to: the first address, CNAMEs followed. */
  addressOf(name: string): string | undefined {
    const { answers } = resolve(name, "A", this.#world);
    return answers.flatMap((answer) => (answer.type === "A" ? answer.data : []))[0];
  }

  async close(): Promise<void> {
    await Promise.all(this.#listeners.splice(0).map((listener) => listener.close()));
  }
}
