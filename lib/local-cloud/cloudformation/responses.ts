import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a custom resource's function sends to its ResponseURL. */
export interface CustomResponse {
  readonly Status?: string;
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, unknown>>;
}

export interface Awaited {
  readonly url: string;
  readonly response: Promise<CustomResponse>;
}

/** Serves the ResponseURLs of a deployment on loopback. */
export class Responses {
  readonly #waiting = new Map<string, (response: CustomResponse) => void>();
  readonly #server = createServer((request, response) => {
    this.#receive(request, response).catch(() => response.writeHead(400).end());
  });

  async listen(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once("error", reject);
    this.#server.listen(0, "127.0.0.1", resolve);
    return promise;
  }

  /** A URL for one answer; the first one counts. */
  expect(): Awaited {
    const path = `/custom-resource/${randomUUID()}`;
    const { promise, resolve } = Promise.withResolvers<CustomResponse>();
    this.#waiting.set(path, resolve);
    const { port } = this.#server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}${path}`, response: promise };
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = String(request.url);
    const settle = this.#waiting.get(path);
    if (request.method !== "PUT" || !settle) return void response.writeHead(404).end();
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    settle(JSON.parse(body) as CustomResponse);
    this.#waiting.delete(path);
    response.writeHead(200).end();
  }
}
