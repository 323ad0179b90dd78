import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AwsChunkedDecoder } from "../../../lib/local-cloud/wire/aws-chunked.ts";

const frame = (pieces: readonly Uint8Array[], trailer = "") =>
  Buffer.concat([
    ...pieces.flatMap((piece) => [
      Buffer.from(`${piece.length.toString(16)};chunk-signature=0\r\n`),
      piece,
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`0\r\n${trailer}\r\n`),
  ]);

async function decode(parts: readonly Uint8Array[]) {
  const decoder = new AwsChunkedDecoder();
  const content = await buffer(Readable.from(parts, { objectMode: false }).pipe(decoder));
  return { content, trailers: decoder.trailers };
}

describe("aws-chunked", () => {
  it("gives the same bytes however they were framed and cut", async () => {
    const piece = fc.uint8Array({ minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(piece), fc.array(fc.nat(400)), async (pieces, cuts) => {
        const framed = frame(pieces, "x-amz-checksum-crc32:AAAA\r\n");
        const edges = [0, ...cuts.filter((cut) => cut < framed.length), framed.length];
        const sorted = edges.toSorted((a, b) => a - b);
        const parts = sorted.slice(1).map((end, index) => framed.subarray(sorted[index], end));
        const { content, trailers } = await decode(parts.filter(({ length }) => length > 0));
        expect(content.equals(Buffer.concat(pieces))).toBe(true);
        expect(trailers).toEqual({ "x-amz-checksum-crc32": "AAAA" });
      }),
    );
  });

  it.for([
    ["ends in the middle of a chunk", Buffer.from("5\r\nab"), "IncompleteBody"],
    ["never says that it ends", Buffer.from("2\r\nab\r\n"), "IncompleteBody"],
    ["has a length that is no number", Buffer.from("x\r\nab\r\n"), "InvalidChunkSizeError"],
  ] as const)("refuses a body that %s", async ([, bytes, code]) => {
    await expect(decode([bytes])).rejects.toMatchObject({ code });
  });
});
