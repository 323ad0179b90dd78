import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The side of an environment that the Runtime API talks to. */
export interface Runtime {
  /** The runtime is ready for an invocation; the response is held until there is one. */
  next(response: ServerResponse): void;
  answered(requestId: string, payload: string): void;
  failed(requestId: string, error: string): void;
  initFailed(error: string): void;
}

/** One HTTP server for all environments: each has a path prefix of its own. */
export class RuntimeApi {
  readonly #runtimes = new Map<string, Runtime>();
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch(() => response.destroy());
  });
  #host: Promise<string> | undefined;

  /** `host:port`; AWS_LAMBDA_RUNTIME_API of an environment is this, a slash and its id. */
  host(): Promise<string> {
    this.#host ??= this.#listen();
    return this.#host;
  }

  add(id: string, runtime: Runtime): void {
    this.#runtimes.set(id, runtime);
  }

  remove(id: string): void {
    this.#runtimes.delete(id);
  }

  async close(): Promise<void> {
    if (!this.#host) return;
    await this.#host;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
  }

  #listen(): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    // An idle environment waits for its next invocation for as long as the cloud lives.
    this.#server.requestTimeout = 0;
    this.#server.keepAliveTimeout = 0;
    this.#server.once("error", reject);
    this.#server.listen(0, "127.0.0.1", () =>
      resolve(`127.0.0.1:${(this.#server.address() as AddressInfo).port}`),
    );
    return promise;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id = "", , , ...path] = String(request.url).split("/");
    const runtime = this.#runtimes.get(id);
    if (!runtime) return void response.writeHead(403).end();
    const [noun, which = "", verb] = path;
    if (noun === "invocation" && which === "next") return runtime.next(response);
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    if (noun === "init") runtime.initFailed(body);
    else if (verb === "response") runtime.answered(which, body);
    else runtime.failed(which, body);
    response.writeHead(202).end();
  }
}
