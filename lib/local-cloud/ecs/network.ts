import { Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
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
const MYSQL_PORT = 3306;
/** The system chooses one. */
const ANY_PORT = 0;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Programs that are not ours resolve names at the machine's own servers and choose their own source address. For
 * PostgreSQL's clients a relay makes up for both: `PGHOSTADDR` leads to it while `PGHOST` keeps the name to verify. Those of MariaDB
 * verify what they connect to: their relay stands at the server's own address, which its certificate names as well.
 */
export function taskNetwork(options: TaskNetworkOptions): TaskNetwork {
  const relays: Gate[] = [];
  const { source } = options;

  /** A name nobody knows is the program's to complain of. */
  const find = async (host: string): Promise<string | undefined> => {
    const resolver = new Resolver({ timeout: 1000, tries: 2 });
    resolver.setServers(options.dnsServers);
    const [target] = await resolver.resolve4(host).catch((): string[] => []);
    return target;
  };
  const relay = async (
    label: string,
    target: { readonly address: string; readonly port: number },
    at: { readonly address: string; readonly port: number },
  ): Promise<Gate> => {
    const gate = await Gate.open({ ...at, target, source, label });
    relays.push(gate);
    return gate;
  };

  const postgres = async ({ PGHOST, PGPORT }: Variables): Promise<Variables> => {
    const found = PGHOST === undefined ? undefined : await find(PGHOST);
    if (PGHOST === undefined || found === undefined) return {};
    const port = Number(PGPORT ?? POSTGRES_PORT);
    const address = options.addresses.next(`task to ${PGHOST}`);
    await relay(PGHOST, { address: found, port }, { address, port });
    return { PGHOSTADDR: address };
  };

  const mysql = async (own: Variables): Promise<Variables> => {
    const { MYSQL_HOST, MYSQL_TCP_PORT, RDS_AUTHORITIES } = own;
    const authorities = RDS_AUTHORITIES && (await readFile(options.caFile, "utf8"));
    const trust = { ...(authorities && { RDS_AUTHORITIES: authorities }) };
    const address = MYSQL_HOST === undefined ? undefined : await find(MYSQL_HOST);
    if (MYSQL_HOST === undefined || address === undefined) return trust;
    const target = { address, port: Number(MYSQL_TCP_PORT ?? MYSQL_PORT) };
    const { port } = await relay(MYSQL_HOST, target, { address, port: ANY_PORT });
    return { ...trust, MYSQL_HOST: address, MYSQL_TCP_PORT: String(port) };
  };

  return {
    async environment(own) {
      const found = { ...(await postgres(own)), ...(await mysql(own)) };
      return {
        PATH: process.env["PATH"] ?? "",
        LANG: "C.UTF-8",
        TZ: "UTC",
        ...options.environment,
        PGSSLROOTCERT: options.caFile,
        ...found,
      };
    },
    async close() {
      await Promise.all(relays.map((gate) => gate.close()));
    },
  };
}
