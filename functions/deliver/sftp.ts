import { createHash } from "node:crypto";
import { Client, type ConnectConfig, type SFTPWrapper } from "ssh2";
import type { SftpDestination } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Fault } from "./contract.ts";
import type { SftpLogin } from "./credentials.ts";
import { partOf } from "./names.ts";
import type { Depot } from "./ports.ts";
import { type Call, sftpCalls } from "./sftp-calls.ts";
import { sftpWrite } from "./sftp-write.ts";

/** Plan seconds until a server has let us in; a laptop does not get faster because a minute takes a second. */
const READY_SECONDS = 30;
const READY_FLOOR_MS = 10_000;
/** Between two signs of life, of which three may be missing. */
const ALIVE_MS = 10_000;

/** Opens a directory of an SFTP server that shows a key which the fleet names. */
export async function openSftp(
  destination: SftpDestination,
  login: SftpLogin,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Depot> {
  const client = new Client();
  const end = () => client.destroy();
  signal.addEventListener("abort", end, { once: true });
  client.once("close", () => signal.removeEventListener("abort", end));
  try {
    const readyMs = clock.paced(READY_SECONDS, READY_FLOOR_MS);
    return depotOf(client, await connected(client, destination, login, readyMs), destination);
  } catch (cause) {
    client.destroy();
    throw cause;
  }
}

function connected(
  client: Client,
  destination: SftpDestination,
  login: SftpLogin,
  readyTimeout: number,
): Promise<SFTPWrapper> {
  const { host, port, hostKey, secret } = destination;
  const { promise, resolve, reject } = Promise.withResolvers<SFTPWrapper>();
  let strange: string | undefined;
  const { kind: _, ...own } = login;
  const config: ConnectConfig = {
    ...{ host, port, readyTimeout, keepaliveInterval: ALIVE_MS, ...own },
    // Node does these by itself; what the library prefers it does in WebAssembly.
    algorithms: { cipher: { prepend: ["aes256-gcm@openssh.com"], append: [], remove: [] } },
    hostVerifier: (key: Buffer) => {
      const shown = fingerprintOf(key);
      if (hostKey.includes(shown)) return true;
      strange = shown;
      return false;
    },
  };
  client.on("error", (cause) => {
    reject(strange === undefined ? refused(cause, host, port) : stranger(destination, strange));
  });
  client.once("close", () => reject(fault("DestinationUnreachable", `${host}:${port} hung up`)));
  client.once("ready", () => {
    client.sftp((cause, sftp) => {
      if (!cause) return resolve(sftp);
      reject(fault("DestinationDenied", `${host}:${port} has no SFTP for us: ${cause.message}`));
    });
  });
  try {
    client.connect(config);
  } catch (cause) {
    // What the library says of a key that it cannot read has none of it, but who knows the next version.
    const said = `the secret ${secret}: its privateKey is none that SSH knows, without a passphrase of its own`;
    reject(new SlaError("SecretMalformed", "operator", said, { cause }));
  }
  return promise;
}

/** As `ssh-keygen -l` prints it. */
export const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;

const fault = (code: Fault, said: string, cause?: unknown) =>
  new SlaError(code, "operator", said, { cause });

const stranger = ({ host, port, hostKey }: SftpDestination, shown: string) =>
  fault(
    "HostKeyUnknown",
    `${host}:${port} shows the key ${shown}, the fleet names ${hostKey.join(", ")}: nothing was sent, and no password. Ask the customer, by another way, which is theirs`,
  );

function refused(cause: Error & { readonly level?: string }, host: string, port: number) {
  if (cause.level === "client-authentication") {
    return fault("LoginRefused", `${host}:${port} does not let us in: ${cause.message}`, cause);
  }
  return fault("DestinationUnreachable", `${host}:${port}: ${cause.message}`, cause);
}

function depotOf(client: Client, sftp: SFTPWrapper, destination: SftpDestination): Depot {
  const { path } = destination;
  const call = sftpCalls(destination);
  // A connection that is cut ends what is under way; nobody listens for the rest.
  sftp.on("error", () => {});
  const at = (name: string) => `${path.replace(/\/+$/, "")}/${name}`;
  return {
    async list(beginning) {
      const found = await call<readonly Listed[]>(`list ${path}`, (done) =>
        sftp.readdir(path, done),
      );
      return found
        .filter(({ filename }) => filename.startsWith(beginning))
        .map(({ filename: name, attrs }) => ({ name, bytes: attrs.size }));
    },

    async write(file) {
      const part = at(partOf(file.name));
      await sftpWrite(sftp, call, part, file);
      await put(sftp, call, part, at(file.name));
    },

    remove: (name) => removed(sftp, call, at(name)),
    close: () => client.end(),
  };
}

interface Listed {
  readonly filename: string;
  readonly attrs: { readonly size: number };
}

const NO_SUCH_FILE = 2;

async function removed(sftp: SFTPWrapper, call: Call, path: string): Promise<void> {
  await call<void>(`remove ${path}`, (done) =>
    sftp.unlink(path, (cause) => done(codeOf(cause) === NO_SUCH_FILE ? undefined : cause)),
  );
}

const codeOf = (cause: unknown) => (cause as { readonly code?: number } | undefined)?.code;

/** SFTP renames to what is not there yet: what is there goes first, and was no longer to be relied on anyway. */
async function put(sftp: SFTPWrapper, call: Call, from: string, to: string): Promise<void> {
  await removed(sftp, call, to);
  await call<void>(`rename ${from}`, (done) => sftp.rename(from, to, done));
}
