import { type FileHandle, lstat } from "node:fs/promises";
import { join, posix } from "node:path";
import ssh2, { type FileEntry, type SFTPWrapper } from "ssh2";

const { STATUS_CODE } = ssh2.utils.sftp;

type Opened =
  | { readonly kind: "file"; readonly file: FileHandle }
  | { readonly kind: "directory"; entries: readonly FileEntry[] };

/** https://datatracker.ietf.org/doc/html/draft-ietf-secsh-filexfer-02#section-7; what has no number there is a failure. */
const CODES: Readonly<Record<string, number>> = {
  ENOENT: STATUS_CODE.NO_SUCH_FILE,
  EACCES: STATUS_CODE.PERMISSION_DENIED,
  EPERM: STATUS_CODE.PERMISSION_DENIED,
  EROFS: STATUS_CODE.PERMISSION_DENIED,
};

/** One client's handles, and where its paths lead: below one directory, and to nothing that begins with a dot. */
export class Session {
  readonly sftp: SFTPWrapper;
  readonly #directory: string;
  readonly #opened = new Map<number, Opened>();
  #handles = 0;

  constructor(sftp: SFTPWrapper, directory: string) {
    this.sftp = sftp;
    this.#directory = directory;
  }

  /** @throws Error ENOENT for what is hidden; wherever `..` would lead, it is below the directory */
  path(asked: string): string {
    const below = posix.normalize(`/${asked}`);
    if (!below.split("/").some((part) => part.startsWith("."))) {
      return join(this.#directory, below);
    }
    throw Object.assign(new Error(`${asked} is not there`), { code: "ENOENT" });
  }

  isThere(asked: string): Promise<boolean> {
    return lstat(this.path(asked)).then(
      () => true,
      () => false,
    );
  }

  keep(one: Opened): Buffer {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(++this.#handles);
    this.#opened.set(this.#handles, one);
    return handle;
  }

  opened(handle: Buffer): Opened | undefined {
    return this.#opened.get(handle.readUInt32BE());
  }

  file(handle: Buffer): FileHandle {
    const one = this.opened(handle);
    if (one?.kind === "file") return one.file;
    throw new Error("no file is open under this handle");
  }

  async close(handle: Buffer): Promise<void> {
    const one = this.opened(handle);
    this.#opened.delete(handle.readUInt32BE());
    if (one?.kind === "file") await one.file.close();
  }

  async closeAll(): Promise<void> {
    const all = [...this.#opened.values()];
    this.#opened.clear();
    await Promise.allSettled(
      all.map((one) => (one.kind === "file" ? one.file.close() : undefined)),
    );
  }

  /** Does the work, which answers; what it fails with is the answer otherwise. */
  answer(id: number, work: () => Promise<unknown>): void {
    work().catch(({ code = "", message }: NodeJS.ErrnoException) => {
      this.sftp.status(id, CODES[code] ?? STATUS_CODE.FAILURE, message);
    });
  }

  /** Does the work and answers that it is done. */
  carryOut(id: number, work: () => Promise<unknown>): void {
    this.answer(id, async () => {
      await work();
      this.sftp.status(id, STATUS_CODE.OK);
    });
  }
}
