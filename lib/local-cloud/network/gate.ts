import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export interface GateOptions {
  readonly address: string;
  readonly port: number;
  readonly target: { readonly address: string; readonly port: number };
  /** Asked for each new connection; established ones are left alone. Default: everybody. */
  readonly admits?: (remoteAddress: string) => boolean;
  /** Whose gate it is, for messages. */
  readonly label: string;
}

/**
 * The network in front of a server. What is not admitted hangs without an answer, as packets dropped by a
 * security group do; a target without listener resets the client; a cut holds every byte and connection back.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #server: Server;
  readonly #pairs = new Map<Socket, Socket>();
  /** Accepted by the system, answered by nobody: refused, or arrived while cut. */
  readonly #silent = new Set<Socket>();
  readonly #arrivedWhileCut = new Set<Socket>();
  #isCut = false;

  private constructor(options: GateOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
    this.#server.on("connection", (client) => this.#arrive(client));
  }

  /** @throws Error in one line if the address or port is taken. */
  static async open(options: GateOptions): Promise<Gate> {
    const { address, port, label } = options;
    const gate = new Gate(options);
    gate.#server.listen({ host: address, port, exclusive: true });
    try {
      await once(gate.#server, "listening");
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      const why = code === "EADDRINUSE" ? "something else listens there" : code;
      throw new Error(`${label}: cannot listen on ${address}:${port}: ${why}`, { cause });
    }
    gate.#server.unref();
    return gate;
  }

  /** From now on nothing passes, in either direction, and nobody is told. */
  cut(): void {
    this.#isCut = true;
    for (const [client, upstream] of this.#pairs) part(client, upstream);
  }

  /** What hung goes on, as TCP does when packets arrive again. */
  restore(): void {
    if (!this.#isCut) return;
    this.#isCut = false;
    for (const [client, upstream] of this.#pairs) {
      if (client.destroyed || upstream.destroyed) this.#reset(client, upstream);
      else if (!upstream.connecting) join(client, upstream);
    }
    for (const client of this.#arrivedWhileCut) this.#arrive(client);
    this.#arrivedWhileCut.clear();
  }

  /** Ends every connection with a reset; new ones are judged as ever. */
  sever(): void {
    for (const [client, upstream] of this.#pairs) this.#reset(client, upstream);
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done));
    this.sever();
    for (const client of [...this.#silent, ...this.#arrivedWhileCut]) client.destroy();
    await closed;
  }

  #arrive(client: Socket): void {
    this.#silent.delete(client);
    const from = client.remoteAddress;
    if (this.#isCut) this.#hold(client, this.#arrivedWhileCut);
    else if (from === undefined) client.destroy();
    else if (this.#options.admits?.(from) ?? true) this.#forward(client, from);
    else this.#hold(client, this.#silent);
  }

  #hold(client: Socket, place: Set<Socket>): void {
    place.add(client);
    client.on("error", () => {});
    client.once("close", () => place.delete(client));
    // Read and thrown away, so that a client that gives up is seen to do so.
    if (place === this.#silent) client.on("end", () => client.end()).resume();
  }

  #forward(client: Socket, from: string): void {
    const { address: host, port } = this.#options.target;
    // From the client's own address, so that the server sees whom it serves.
    const upstream = connect({
      host,
      port,
      localAddress: from,
      allowHalfOpen: true,
      noDelay: true,
    });
    this.#pairs.set(client, upstream);
    for (const side of [client, upstream]) {
      side.on("error", () => {});
      side.once("close", () => this.#broken(client, upstream));
    }
    upstream.once("connect", () => {
      if (!this.#isCut) join(client, upstream);
    });
  }

  /** One side is gone. While cut the other one does not hear of it. */
  #broken(client: Socket, upstream: Socket): void {
    if (!this.#isCut) this.#reset(client, upstream);
  }

  #reset(client: Socket, upstream: Socket): void {
    this.#pairs.delete(client);
    for (const side of [client, upstream]) finish(side);
  }
}

/** A side that ended properly in both directions closes by itself, its last bytes delivered. */
function finish(side: Socket): void {
  if (!(side.writableEnded && side.readableEnded)) side.resetAndDestroy();
}

function join(client: Socket, upstream: Socket): void {
  client.pipe(upstream);
  upstream.pipe(client);
}

function part(client: Socket, upstream: Socket): void {
  for (const side of [client, upstream]) {
    side.unpipe();
    side.pause();
  }
}
