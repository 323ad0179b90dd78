import type { SFTPWrapper } from "ssh2";
import { SlaError } from "../kernel/errors.ts";
import { streamInLanes } from "../kernel/lanes.ts";
import type { Outgoing } from "./ports.ts";
import type { Call } from "./sftp-calls.ts";

/** What every server takes at once. */
const PIECE = 32_768;
/** On their way without an answer: 4 MiB, for 40 MB a second over a tenth of a second. */
const PIECES = 128;

/** Writes a file anew and looks whether all of it is there. */
export async function sftpWrite(
  sftp: SFTPWrapper,
  call: Call,
  path: string,
  { bytes, content }: Outgoing,
): Promise<void> {
  const handle = await call<Buffer>(`open ${path}`, (done) => sftp.open(path, "w", 0o600, done));
  let sent = 0;
  await streamInLanes(PIECES, piecesOf(content), async ({ at, piece }) => {
    await call<void>(`write ${path} at ${at}`, (done) =>
      sftp.write(handle, piece, 0, piece.length, at, done),
    );
    sent += piece.length;
  });
  await call<void>(`write ${path}: close`, (done) => sftp.close(handle, done));
  const { size } = await call<{ readonly size: number }>(`look at ${path}`, (done) =>
    sftp.stat(path, done),
  );
  if (size === bytes && sent === bytes) return;
  const said = `${path} has ${size} bytes after ${sent} were written; expected ${bytes}`;
  throw new SlaError("UploadBroken", "operator", said);
}

interface Piece {
  readonly at: number;
  readonly piece: Buffer;
}

async function* piecesOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  let at = 0;
  for await (const chunk of content) {
    const all = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    for (let from = 0; from < all.length; from += PIECE) {
      const piece = all.subarray(from, from + PIECE);
      yield { at, piece };
      at += piece.length;
    }
  }
}
