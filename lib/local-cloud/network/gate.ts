import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export interface GateOptions {
  readonly address: string;
  readonly port: number;
  readonly target: { readonly address: string; readonly port: number };
  /** Asked for each new connection; established ones are left alone. Default: everybody. */
  readonly admits?: (remoteAddress: string) => boolean;
  /** Where its own connections come from; default: the address of whom it serves. */
  readonly source?: string;
  /** Whose gate it is, for messages. */
  readonly label: string;
}

type Spares = (remoteAddress: string) => boolean;

/** A client that was let through, and its way on. */
interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly from: string;
}

/**
 * The network in front of a server. What is not admitted hangs without an answer, as packets dropped by a
 * security group do; a target without listener resets the client; a cut holds every byte and connection back.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  /** Accepted by the system, answered by nobody: refused, or arrived while cut. */
  readonly #silent = new Set<Socket>();
  readonly #arrivedWhileCut = new Set<Socket>();
  /** Present while cut: who gets through all the same. */
  #cut: Spares | undefined;

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

  /** The one it was given, or what the system chose for 0. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on nothing passes, in either direction, and nobody is told; but for those it spares. */
  cut(spares: Spares = nobody): void {
    this.restore();
    this.#cut = spares;
    for (const pair of this.#pairs) if (this.#isCut(pair.from)) part(pair);
  }

  /** What hung goes on, as TCP does when packets arrive again. */
  restore(): void {
    const spared = this.#cut;
    if (!spared) return;
    this.#cut = undefined;
    for (const pair of this.#pairs) {
      const { client, upstream, from } = pair;
      if (client.destroyed || upstream.destroyed) this.#reset(pair);
      else if (!upstream.connecting && !spared(from)) join(pair);
    }
    const arrived = [...this.#arrivedWhileCut];
    this.#arrivedWhileCut.clear();
    for (const client of arrived) this.#arrive(client);
  }

  /** Ends every connection with a reset; new ones are judged as ever. */
  sever(): void {
    for (const pair of this.#pairs) this.#reset(pair);
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done));
    this.sever();
    for (const client of [...this.#silent, ...this.#arrivedWhileCut]) client.destroy();
    await closed;
  }

  #isCut(from: string): boolean {
    return this.#cut !== undefined && !this.#cut(from);
  }

  #arrive(client: Socket): void {
    this.#silent.delete(client);
    const from = client.remoteAddress;
    if (from === undefined) client.destroy();
    else if (this.#isCut(from)) this.#hold(client, this.#arrivedWhileCut);
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
    const { target, source } = this.#options;
    const { address: host, port } = target;
    const upstream = connect({
      host,
      port,
      localAddress: source ?? from,
      allowHalfOpen: true,
      noDelay: true,
    });
    const pair = { client, upstream, from };
    this.#pairs.add(pair);
    for (const side of [client, upstream]) {
      side.on("error", () => {});
      side.once("close", () => this.#broken(pair));
    }
    upstream.once("connect", () => {
      if (!this.#isCut(from)) join(pair);
    });
  }

  /** One side is gone. While cut the other one does not hear of it. */
  #broken(pair: Pair): void {
    if (!this.#isCut(pair.from)) this.#reset(pair);
  }

  #reset(pair: Pair): void {
    this.#pairs.delete(pair);
    for (const side of [pair.client, pair.upstream]) finish(side);
  }
}

const nobody: Spares = () => false;

/** A side that ended properly in both directions closes by itself, its last bytes delivered. */
function finish(side: Socket): void {
  if (!(side.writableEnded && side.readableEnded)) side.resetAndDestroy();
}

function join({ client, upstream }: Pair): void {
  client.pipe(upstream);
  upstream.pipe(client);
}

function part({ client, upstream }: Pair): void {
  for (const side of [client, upstream]) {
    side.unpipe();
    side.pause();
  }
}
