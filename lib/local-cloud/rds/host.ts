import { rm } from "node:fs/promises";
import type { Authority } from "../certificates.ts";
import type { Guard } from "../guard.ts";
import type { HostNames } from "../host-names.ts";
import { MariadbServer } from "../mariadb/server.ts";
import { Gate } from "../network/gate.ts";
import { PostgresServer } from "../postgres/server.ts";

/** Where the server itself listens; clients come through the gate in front of it. */
export const SERVER_PORT = 15_432;
/** Where a standby finds its primary: a gate on the standby's own address, past security groups. */
export const LINK_PORT = 25_432;
/** AWS's database endpoints have this TTL. */
const TTL_SECONDS = 5;

export interface HostOptions {
  /** `acme-db in eu-central-1` */
  readonly label: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Made and removed with the instance. */
  readonly directory: string;
  /** Somewhere above it, of the run: opened so far that servers can pass. */
  readonly runDirectory: string;
  readonly guard: Guard;
  readonly authority: Authority;
  readonly hostNames: HostNames;
  readonly admits: (remoteAddress: string) => boolean;
  /** Where its WAL is archived while there is such a directory; absent: nowhere, ever. */
  readonly archive?: string;
}

export interface Cuts {
  /** Present: nothing gets in or out but for the addresses it spares. */
  readonly entrance?: ((remoteAddress: string) => boolean) | undefined;
  /** Of a standby: nothing arrives from its primary. */
  readonly link: boolean;
}

type Server = PostgresServer | MariadbServer;

/** The machine of a DB instance: a database server, the network in front of it, its name. */
export class Host {
  readonly options: HostOptions;
  #server: Server | undefined;
  #entrance: Gate | undefined;
  #link: Gate | undefined;

  constructor(options: HostOptions) {
    this.options = options;
  }

  /** @throws Error before `run` */
  get server(): Server {
    if (!this.#server) throw new Error(`${this.options.label}: no server is installed yet`);
    return this.#server;
  }

  /** @throws Error before `run`, and where another server runs */
  get postgres(): PostgresServer {
    const { server } = this;
    if (server instanceof PostgresServer) return server;
    throw new Error(`${this.options.label}: its server is not PostgreSQL`);
  }

  /** Likewise. */
  get mariadb(): MariadbServer {
    const { server } = this;
    if (server instanceof MariadbServer) return server;
    throw new Error(`${this.options.label}: its server is not MariaDB`);
  }

  /** Whether the endpoint exists; what is behind it may be dead. */
  get isReachable(): boolean {
    return this.#entrance !== undefined;
  }

  /** The way to the primary, for a standby: base backup and streaming take it. */
  async openLink(primary: Host): Promise<void> {
    const { address, label } = this.options;
    const target = { address: primary.options.address, port: SERVER_PORT };
    this.#link = await Gate.open({
      address,
      port: LINK_PORT,
      target,
      label: `replication of ${label}`,
    });
  }

  /** Starts a server that is installed in the directory of this machine. */
  async run(server: Server): Promise<void> {
    this.#server = server;
    await server.start();
  }

  /** Lets clients in, and gives the endpoint its name. */
  async open(): Promise<void> {
    const { address, port, admits, label, name, hostNames } = this.options;
    const target = { address, port: SERVER_PORT };
    this.#entrance = await Gate.open({ address, port, target, admits, label });
    hostNames.set(name, address, TTL_SECONDS);
  }

  /** One statement as superuser, past every gate. */
  query(
    text: string,
    values?: readonly unknown[],
    database?: string,
  ): Promise<Record<string, unknown>[]> {
    return this.server.query(text, values, database);
  }

  /** What of the network in front of it, and of the way to its primary, is cut from now on. */
  cut({ entrance, link }: Cuts): void {
    set(this.#entrance, entrance);
    set(this.#link, link ? () => false : undefined);
  }

  /** Ends all sessions of clients. */
  sever(): void {
    this.#entrance?.sever();
  }

  async closeLink(): Promise<void> {
    await this.#link?.close();
    this.#link = undefined;
  }

  /** Nothing of it stays, nor of its data unless asked. */
  async remove({ keepData = false } = {}): Promise<void> {
    this.options.hostNames.remove(this.options.name);
    await this.#entrance?.close();
    this.#entrance = undefined;
    await this.closeLink();
    await this.#server?.stop("immediate");
    if (!keepData) await rm(this.options.directory, { recursive: true, force: true });
  }
}

function set(gate: Gate | undefined, spares: Cuts["entrance"]): void {
  if (spares) gate?.cut(spares);
  else gate?.restore();
}
