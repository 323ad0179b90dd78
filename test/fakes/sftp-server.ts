import { once } from "node:events";
import type { AddressInfo } from "node:net";
import {
  type AuthContext,
  type Connection,
  type PublicKeyAuthContext,
  Server,
  type SFTPWrapper,
  utils,
} from "ssh2";
import { fingerprintOf } from "../../functions/deliver/sftp.ts";
import { freshKeys } from "../../lib/local-cloud/sftp/fresh-keys.ts";

const { OPEN_MODE, STATUS_CODE } = utils.sftp;

export interface SftpOptions {
  /** Bytes that its disk holds; more than that is answered as OpenSSH does. */
  readonly capacity?: number;
  /** The connection is gone once so many bytes were written. */
  readonly cutAfter?: number;
  /** Writes are taken and never answered. */
  readonly hangs?: boolean;
  readonly readOnly?: boolean;
  /** Writes so many bytes less than it says. */
  readonly loses?: number;
}

type Key = ReturnType<typeof freshKeys>;

/** A real SSH server on loopback, with a directory `/backups` in memory. */
export class SftpServer {
  readonly files = new Map<string, Buffer>();
  readonly customerKey: Key = freshKeys();
  /** Passwords that somebody has tried. */
  readonly tried: string[] = [];
  logins = 0;
  options: SftpOptions = {};
  readonly hostKey: string;
  readonly #connections = new Set<Connection>();
  readonly #server: Server;
  #written = 0;

  constructor() {
    const own = freshKeys();
    const parsed = utils.parseKey(own.public);
    if (parsed instanceof Error) throw parsed;
    this.hostKey = fingerprintOf(parsed.getPublicSSH());
    this.#server = new Server({ hostKeys: [own.private] }, (client) => this.#serve(client));
  }

  async listen(address = "127.0.0.1"): Promise<number> {
    this.#server.listen(0, address);
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const each of this.#connections) each.end();
    this.#server.close();
  }

  names = () => [...this.files.keys()].toSorted();

  #serve(client: Connection): void {
    this.#connections.add(client);
    client.on("error", () => {});
    client.on("close", () => this.#connections.delete(client));
    client.on("authentication", (context) => {
      if (this.#lets(context)) context.accept();
      else context.reject(["password", "publickey"]);
    });
    client.on("ready", () => {
      this.logins += 1;
      client.on("session", (accept) => {
        accept().on("sftp", (open) => this.#sftp(client, open()));
      });
    });
  }

  #lets(context: AuthContext): boolean {
    if (context.username !== "sla") return false;
    if (context.method === "password") this.tried.push(context.password);
    if (context.method === "password") return context.password === "correct horse";
    return context.method === "publickey" && this.#knows(context);
  }

  /** Asked without a signature it says whether one would do. */
  #knows({ key, blob, signature, hashAlgo }: PublicKeyAuthContext): boolean {
    const known = utils.parseKey(this.customerKey.public);
    if (known instanceof Error) throw known;
    if (!known.getPublicSSH().equals(key.data)) return false;
    return !signature || !blob || known.verify(blob, signature, hashAlgo) === true;
  }

  #sftp(client: Connection, sftp: SFTPWrapper): void {
    const open = new Map<number, { name: string; chunks: [number, Buffer][] }>();
    const listed = new Set<number>();
    let handles = 0;
    const handleOf = (handle: Buffer) => handle.readUInt32BE(0);
    const fresh = () => {
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(++handles, 0);
      return handle;
    };
    const nameOf = (path: string) => /^\/backups\/(.+)$/.exec(path)?.[1];
    const say = (id: number, code: number) => sftp.status(id, code);
    sftp.on("OPENDIR", (id, path) => {
      if (!/^\/backups\/?$/.test(path)) return say(id, STATUS_CODE.NO_SUCH_FILE);
      sftp.handle(id, fresh());
    });
    sftp.on("READDIR", (id, handle) => {
      if (listed.has(handleOf(handle))) return say(id, STATUS_CODE.EOF);
      listed.add(handleOf(handle));
      sftp.name(
        id,
        [...this.files].map(([filename, { length }]) => ({
          ...{ filename, longname: filename },
          attrs: attributes(length),
        })),
      );
    });
    sftp.on("OPEN", (id, path, flags) => {
      const name = nameOf(path);
      if (name === undefined) return say(id, STATUS_CODE.NO_SUCH_FILE);
      if (this.options.readOnly || !(flags & OPEN_MODE.WRITE)) {
        return say(id, STATUS_CODE.PERMISSION_DENIED);
      }
      const handle = fresh();
      open.set(handleOf(handle), { name, chunks: [] });
      this.files.set(name, Buffer.alloc(0));
      sftp.handle(id, handle);
    });
    sftp.on("WRITE", (id, handle, offset, data) => {
      const file = open.get(handleOf(handle));
      if (!file) return say(id, STATUS_CODE.FAILURE);
      const { cutAfter, capacity, hangs } = this.options;
      if (hangs) return;
      this.#written += data.length;
      if (cutAfter !== undefined && this.#written > cutAfter) return void client.end();
      if (capacity !== undefined && this.#written > capacity) return say(id, STATUS_CODE.FAILURE);
      file.chunks.push([offset, Buffer.from(data)]);
      say(id, STATUS_CODE.OK);
    });
    sftp.on("CLOSE", (id, handle) => {
      const file = open.get(handleOf(handle));
      if (file) this.files.set(file.name, this.#joined(file.chunks));
      open.delete(handleOf(handle));
      say(id, STATUS_CODE.OK);
    });
    const stat = (id: number, path: string) => {
      const file = this.files.get(nameOf(path) ?? "");
      if (file) sftp.attrs(id, attributes(file.length));
      else say(id, STATUS_CODE.NO_SUCH_FILE);
    };
    sftp.on("STAT", stat);
    sftp.on("LSTAT", stat);
    sftp.on("REMOVE", (id, path) => {
      const isThere = this.files.delete(nameOf(path) ?? "");
      say(id, isThere ? STATUS_CODE.OK : STATUS_CODE.NO_SUCH_FILE);
    });
    const rename = (from: string, to: string) => {
      const file = this.files.get(nameOf(from) ?? "");
      const name = nameOf(to);
      if (!file || name === undefined) return STATUS_CODE.NO_SUCH_FILE;
      this.files.set(name, file);
      this.files.delete(nameOf(from) ?? "");
      return STATUS_CODE.OK;
    };
    sftp.on("RENAME", (id, from, to) =>
      say(id, this.files.has(nameOf(to) ?? "") ? STATUS_CODE.FAILURE : rename(from, to)),
    );
  }

  #joined(chunks: readonly [number, Buffer][]): Buffer {
    const all = Buffer.concat(chunks.toSorted(([one], [other]) => one - other).map(([, it]) => it));
    return all.subarray(0, all.length - (this.options.loses ?? 0));
  }
}

const attributes = (size: number) => ({
  ...{ size, mode: 0o100_600, uid: 0, gid: 0, atime: 0, mtime: 0 },
});
