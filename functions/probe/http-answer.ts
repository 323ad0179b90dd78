import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";

/** Milliseconds, and what is said when they have passed. */
export interface Limits {
  readonly connectMs: number;
  readonly answerMs: number;
  readonly noConnection: string;
  readonly noAnswer: string;
}

export interface Answered {
  readonly status: number;
  readonly location?: string;
  readonly body: string;
  readonly certificateEnds?: Date;
}

/** As much of a body as a rule may look at: Route 53's own health checks read no further. */
const BODY_BYTES = 5120;
/** A reason is a few words, and a location may be 16 KB. */
const LOCATION_LENGTH = 120;

/** Reads the beginning of the body only, whatever its size. Rejects when the answer breaks off before. */
export async function readAnswer(response: IncomingMessage): Promise<Answered> {
  const { statusCode = 0, headers, socket } = response;
  // Asked for now: a socket that is closed no longer has it.
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  const body = await beginningOf(response);
  return {
    status: statusCode,
    body,
    ...(headers.location && { location: headers.location.slice(0, LOCATION_LENGTH) }),
    ...(certificate && { certificateEnds: certificate.validToDate }),
  };
}

/** By events: an iterator that is left early makes an error with a stack, two thousand times a batch. */
function beginningOf(response: IncomingMessage): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const parts: Buffer[] = [];
  let bytes = 0;
  const finish = () => {
    response.pause();
    resolve(Buffer.concat(parts).subarray(0, BODY_BYTES).toString("utf8"));
  };
  response
    .on("data", (part: Buffer) => {
      parts.push(part);
      bytes += part.length;
      if (bytes >= BODY_BYTES) finish();
    })
    .on("end", finish)
    .on("error", reject);
  return promise;
}
