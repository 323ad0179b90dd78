import type { Stats } from "node:fs";
import { lstat, open, readdir, rename, stat, unlink } from "node:fs/promises";
import { join, posix } from "node:path";
import ssh2, { type FileEntry, type SFTPWrapper } from "ssh2";
import { Session } from "./session.ts";

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

/** Answers the requests of one client by the files below a directory. */
export function serveFiles(sftp: SFTPWrapper, directory: string): void {
  const session = new Session(sftp, directory);
  serveNames(session);
  serveContent(session);
  serveLooks(session);
  // Nobody waits for it, and what cannot be closed any more is closed.
  sftp.on("close", () => void session.closeAll());
}

function serveNames(session: Session): void {
  const { sftp } = session;
  sftp.on("REALPATH", (id, path) => {
    const filename = posix.normalize(`/${path}`);
    sftp.name(id, [{ filename, longname: filename, attrs: NOTHING }]);
  });
  sftp.on("OPENDIR", (id, path) =>
    session.answer(id, async () => {
      const entries = await entriesOf(session.path(path));
      sftp.handle(id, session.keep({ kind: "directory", entries }));
    }),
  );
  sftp.on("READDIR", (id, handle) => {
    const one = session.opened(handle);
    if (one?.kind !== "directory") return void sftp.status(id, STATUS_CODE.FAILURE);
    const { entries } = one;
    if (entries.length === 0) return void sftp.status(id, STATUS_CODE.EOF);
    one.entries = [];
    sftp.name(id, [...entries]);
  });
  sftp.on("REMOVE", (id, path) => session.carryOut(id, async () => unlink(session.path(path))));
  sftp.on("RENAME", (id, from, to) =>
    session.carryOut(id, async () => {
      // As OpenSSH does: a name that is taken is not given away.
      if (await session.isThere(to)) throw new Error(`${to} is there`);
      await rename(session.path(from), session.path(to));
    }),
  );
}

const LONGEST_READ = 262_144;
const PRIVATE = 0o600;

function serveContent(session: Session): void {
  const { sftp } = session;
  sftp.on("OPEN", (id, path, flags) =>
    session.answer(id, async () => {
      const file = await open(session.path(path), modeOf(flags), PRIVATE);
      sftp.handle(id, session.keep({ kind: "file", file }));
    }),
  );
  sftp.on("READ", (id, handle, offset, length) =>
    session.answer(id, async () => {
      const wanted = Math.min(length, LONGEST_READ);
      const read = session.file(handle).read(Buffer.alloc(wanted), 0, wanted, offset);
      const { bytesRead, buffer } = await read;
      if (bytesRead === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, buffer.subarray(0, bytesRead));
    }),
  );
  sftp.on("WRITE", (id, handle, offset, data) =>
    session.carryOut(id, async () => session.file(handle).write(data, 0, data.length, offset)),
  );
  sftp.on("CLOSE", (id, handle) => session.carryOut(id, () => session.close(handle)));
}

function modeOf(flags: number): "r" | "r+" | "w" {
  if (!(flags & OPEN_MODE.WRITE)) return "r";
  return flags & OPEN_MODE.TRUNC ? "w" : "r+";
}

function serveLooks(session: Session): void {
  const { sftp } = session;
  const tell = (id: number, look: () => Promise<Stats>) =>
    session.answer(id, async () => sftp.attrs(id, attributesOf(await look())));
  sftp.on("STAT", (id, path) => tell(id, async () => stat(session.path(path))));
  sftp.on("LSTAT", (id, path) => tell(id, async () => lstat(session.path(path))));
  sftp.on("FSTAT", (id, handle) => tell(id, async () => session.file(handle).stat()));
}

const NOTHING = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };

async function entriesOf(directory: string): Promise<readonly FileEntry[]> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith("."));
  return Promise.all(
    names.map(async (filename) => {
      const attrs = attributesOf(await lstat(join(directory, filename)));
      return { filename, longname: `${attrs.size} ${filename}`, attrs };
    }),
  );
}

const attributesOf = ({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats) => ({
  ...{ mode, uid, gid, size },
  ...{ atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) },
});
