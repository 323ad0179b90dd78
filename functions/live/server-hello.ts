import { VERSION_CODES } from "./client-hello.ts";

/** What a server answers to a client's first record; undefined: not enough of it has come. */
export type Reply =
  | { readonly is: "hello"; readonly version: number; readonly suite: number }
  | { readonly is: "refusal" }
  /** No TLS at all. */
  | { readonly is: "noise" };

const HANDSHAKE = 22;
const ALERT = 21;
const SERVER_HELLO = 2;
const RECORD_HEAD = 5;
const SUPPORTED_VERSIONS = 43;

/** Reads no more than it needs, and believes no length. */
export function replyOf(data: Buffer): Reply | undefined {
  if (data.length < RECORD_HEAD) return data.length > 0 && !isRecord(data) ? NOISE : undefined;
  if (!isRecord(data)) return NOISE;
  if (data[0] === ALERT) return { is: "refusal" };
  const end = RECORD_HEAD + data.readUInt16BE(3);
  if (data.length < end) return undefined;
  return helloOf(data.subarray(RECORD_HEAD, end));
}

const NOISE = { is: "noise" } as const;

const isRecord = (data: Buffer) =>
  (data[0] === HANDSHAKE || data[0] === ALERT) && (data.length < 2 || data[1] === 3);

/** Type, length, version, random, session, suite, compression, extensions. */
function helloOf(message: Buffer): Reply {
  if (message[0] !== SERVER_HELLO || message.length < 39) return NOISE;
  const session = message[38] ?? 0;
  const at = 39 + session;
  if (message.length < at + 3) return NOISE;
  const legacy = message.readUInt16BE(4);
  return {
    is: "hello",
    version: versionIn(message.subarray(at + 3)) ?? legacy,
    suite: message.readUInt16BE(at),
  };
}

/** Of the extensions: TLS 1.3 says there what it is. */
function versionIn(rest: Buffer): number | undefined {
  for (let at = 2; at + 4 <= rest.length; ) {
    const length = rest.readUInt16BE(at + 2);
    if (rest.readUInt16BE(at) === SUPPORTED_VERSIONS && length === 2 && at + 6 <= rest.length) {
      return rest.readUInt16BE(at + 4);
    }
    at += 4 + length;
  }
  return undefined;
}

/** Whether the server took exactly this version, and one of the suites where some were named. */
export const isTaken = (
  reply: Reply,
  version: keyof typeof VERSION_CODES,
  suites?: readonly number[],
): boolean =>
  reply.is === "hello" &&
  reply.version === VERSION_CODES[version] &&
  (suites === undefined || suites.includes(reply.suite));
