import { Transform, type TransformCallback } from "node:stream";
import { AwsError } from "./service.ts";

const CRLF = Buffer.from("\r\n");

/** The payload of an upload, and what its trailers said once it has ended. */
export interface TrailedStream {
  readonly trailers: Readonly<Record<string, string>>;
}

/** Whether a body wears S3's streaming frame: `<hex length>;chunk-signature=…\r\n<bytes>\r\n`. */
export function isAwsChunked(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return (
    String(headers["content-encoding"] ?? "").includes("aws-chunked") ||
    String(headers["x-amz-content-sha256"] ?? "").startsWith("STREAMING-")
  );
}

/** Removes the frame. Chunk signatures are not checked: the request's own signature is. */
export class AwsChunkedDecoder extends Transform implements TrailedStream {
  readonly trailers: Record<string, string> = {};
  #held: Buffer = Buffer.alloc(0);
  /** Bytes of the current chunk still to come; `line` between chunks, `trailer` after the last. */
  #expects: number | "line" | "trailer" = "line";

  override _transform(bytes: Buffer, _encoding: string, done: TransformCallback): void {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    try {
      while (this.#step());
      done();
    } catch (cause) {
      done(cause as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    if (this.#expects !== "trailer") {
      done(new AwsError("IncompleteBody", "The request body terminated unexpectedly", 400));
      return;
    }
    for (const line of this.#held.toString("latin1").split("\r\n")) {
      const colon = line.indexOf(":");
      if (colon > 0)
        this.trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
    done();
  }

  /** Takes one piece off what is held; false when more bytes are needed. */
  #step(): boolean {
    if (this.#expects === "trailer") return false;
    return this.#expects === "line" ? this.#readLine() : this.#readChunk(this.#expects);
  }

  #readLine(): boolean {
    const end = this.#held.indexOf(CRLF);
    if (end < 0) return false;
    const line = this.#held.toString("latin1", 0, end);
    this.#held = this.#held.subarray(end + CRLF.length);
    // The line break that ends a chunk's bytes.
    if (line === "") return true;
    const size = Number.parseInt(line, 16);
    if (!(size >= 0)) throw new AwsError("InvalidChunkSizeError", `chunk size '${line}'`, 400);
    this.#expects = size === 0 ? "trailer" : size;
    return true;
  }

  #readChunk(expected: number): boolean {
    if (this.#held.length === 0) return false;
    const piece = this.#held.subarray(0, expected);
    this.#held = this.#held.subarray(piece.length);
    this.push(piece);
    this.#expects = piece.length === expected ? "line" : expected - piece.length;
    return true;
  }
}
