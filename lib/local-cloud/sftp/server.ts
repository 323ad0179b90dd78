import { once } from "node:events";
import type { AddressInfo } from "node:net";
import ssh2, { type AuthContext, type Connection } from "ssh2";
import { serveFiles } from "./files.ts";
import { identityIn } from "./identity.ts";

export interface SftpOptions {
  /** Where files lie, and between runs the server's key and password; made if it is not there. */
  readonly directory: string;
  /** On 127.0.0.1; 0 for a free one. */
  readonly port: number;
}

/** A real SSH server on loopback that serves one directory as its root. */
export interface LocalSftp {
  /** For functions of the local cloud; a resolver of the machine need not know it. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** Fingerprint, `SHA256:…`. */
  readonly hostKey: string;
  readonly username: string;
  readonly password: string;
  close(): Promise<void>;
}

const ADDRESS = "127.0.0.1";
/** The local cloud leads every name below localhost here. */
const HOST = "sftp.localhost";
const USERNAME = "sla";

/** @throws Error in one line if the port or the directory cannot be had */
export async function startSftp({ directory, port }: SftpOptions): Promise<LocalSftp> {
  const { privateKey, fingerprint, password } = await identityIn(directory);
  const connections = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [privateKey] }, (client) => {
    connections.add(client);
    // Whoever hangs up in the middle has no more to be told.
    client.on("error", () => {});
    client.on("close", () => connections.delete(client));
    client.on("authentication", (context) => {
      if (isLetIn(context, password)) context.accept();
      else context.reject(["password"]);
    });
    client.on("ready", () => {
      client.on("session", (accept) => {
        accept().on("sftp", (open) => serveFiles(open(), directory));
      });
    });
  });
  server.listen(port, ADDRESS);
  await once(server, "listening").catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === "EADDRINUSE" ? "something else listens there" : cause.message;
    const advice = "choose another port with --sftp-port";
    throw new Error(`the SFTP server cannot listen on ${ADDRESS}:${port}: ${why}; ${advice}`, {
      cause,
    });
  });
  return {
    ...{
      host: HOST,
      address: ADDRESS,
      port: (server.address() as AddressInfo).port,
      hostKey: fingerprint,
    },
    ...{ username: USERNAME, password },
    async close() {
      for (const each of connections) each.end();
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      await promise;
    },
  };
}

const isLetIn = (context: AuthContext, password: string): boolean =>
  context.method === "password" && context.username === USERNAME && context.password === password;
