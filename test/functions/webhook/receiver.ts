import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

/** What came to a receiver. */
export interface Came {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

type Answering = (response: ServerResponse, came: Came, request: IncomingMessage) => void;

export const taken: Answering = (response) => void response.writeHead(204).end();

/** A webhook's receiver on loopback: keeps what comes, and answers as it is told. */
export class Receiver implements AsyncDisposable {
  readonly came: Came[] = [];
  answers: Answering = taken;
  readonly #server: Server;
  readonly #isSecure: boolean;

  constructor(certificate?: { readonly key: string; readonly cert: string }) {
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const came = { headers: request.headers, body: Buffer.concat(pieces).toString() };
        this.came.push(came);
        this.answers(response, came, request);
      });
    };
    this.#isSecure = certificate !== undefined;
    this.#server = certificate ? createSecureServer(certificate, listener) : createServer(listener);
  }

  async open(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    return this;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#isSecure ? "https" : "http"}://127.0.0.1:${port}/hook`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
