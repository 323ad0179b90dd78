import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Client, type ClientConfig } from "pg";
import type { Authority } from "../certificates.ts";
import type { Guard } from "../guard.ts";
import type { HostNames } from "../host-names.ts";
import { Gate } from "../network/gate.ts";
import { postgresBinaries } from "../postgres/binaries.ts";
import { letPass } from "../postgres/run-as.ts";
import { PostgresServer } from "../postgres/server.ts";
import { configure, type Settings, type Upstream } from "../postgres/settings.ts";
import { type Template, template } from "../postgres/template.ts";
import { archiveSettings } from "./automated/archive.ts";

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
  /** Somewhere above it, of the run: opened so far that PostgreSQL can pass. */
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

/** Fills an empty data directory, given where the primary can be reached if there is one. */
export type Fill = (directory: string, template: Template) => Promise<void>;

/** How a server starts. */
export interface Installation {
  readonly slot?: string;
  /** Settings besides those every server has. */
  readonly extra?: Settings;
}

/** The machine of a DB instance: a PostgreSQL server, the network in front of it, its name. */
export class Host {
  readonly options: HostOptions;
  #server: PostgresServer | undefined;
  #adminPassword = "";
  #entrance: Gate | undefined;
  #link: Gate | undefined;

  constructor(options: HostOptions) {
    this.options = options;
  }

  /** @throws Error before `install` */
  get server(): PostgresServer {
    if (!this.#server) throw new Error(`${this.options.label}: PostgreSQL is not installed yet`);
    return this.#server;
  }

  /** Whether the endpoint exists; what is behind it may be dead. */
  get isReachable(): boolean {
    return this.#entrance !== undefined;
  }

  /** The way to the primary, for a standby: base backup and streaming take it. */
  async openLink(primary: Host): Promise<ClientConfig> {
    const { address, label } = this.options;
    const target = { address: primary.options.address, port: SERVER_PORT };
    this.#link = await Gate.open({
      address,
      port: LINK_PORT,
      target,
      label: `replication of ${label}`,
    });
    return { ...primary.server.connection, host: address, port: LINK_PORT };
  }

  /** Fills the data directory and starts the server; with a `slot` as standby of what the link leads to. */
  async install(fill: Fill, { slot, extra }: Installation = {}): Promise<void> {
    const { address, directory, guard, label, name, authority, archive } = this.options;
    await letPass(this.options.runDirectory);
    const binaries = await postgresBinaries();
    const made = await template(binaries);
    this.#adminPassword = made.adminPassword;
    const data = join(directory, "data");
    await fill(data, made);
    const certificate = await authority.issue([name, address]);
    const upstream = slot === undefined ? undefined : this.#upstream(slot);
    await configure(data, {
      address,
      port: SERVER_PORT,
      certificate,
      ...(upstream && { upstream }),
      extra: { ...(archive !== undefined && archiveSettings(archive)), ...extra },
    });
    const { adminPassword } = made;
    const at = { directory: data, address, port: SERVER_PORT };
    this.#server = new PostgresServer({ binaries, guard, label, adminPassword, ...at });
    await this.#server.start();
  }

  /** Lets clients in, and gives the endpoint its name. */
  async open(): Promise<void> {
    const { address, port, admits, label, name, hostNames } = this.options;
    const target = { address, port: SERVER_PORT };
    this.#entrance = await Gate.open({ address, port, target, admits, label });
    hostNames.set(name, address, TTL_SECONDS);
  }

  /** One statement as superuser, past every gate. */
  async query(
    text: string,
    values: readonly unknown[] = [],
    database = "postgres",
  ): Promise<Record<string, unknown>[]> {
    const client = new Client({ ...this.server.connection, database });
    client.on("error", () => {});
    try {
      await client.connect();
      return (await client.query(text, [...values])).rows;
    } finally {
      await client.end().catch(() => {});
    }
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

  #upstream(slot: string): Upstream {
    const { address } = this.options;
    return { address, port: LINK_PORT, password: this.#adminPassword, slot };
  }
}

function set(gate: Gate | undefined, spares: Cuts["entrance"]): void {
  if (spares) gate?.cut(spares);
  else gate?.restore();
}
