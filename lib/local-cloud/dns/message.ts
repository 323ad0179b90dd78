import {
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  decode,
  encode,
  type OptAnswer,
  type Packet,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from "dns-packet";
import { resolve, type World } from "./resolve.ts";

/** What fits into one datagram without EDNS (RFC 1035), and what we send at most with it. */
const PLAIN_BYTES = 512;
const EDNS_BYTES = 1232;

/** All zero in a standard query. */
const OPCODE_BITS = 0x7800;

const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
type Code = keyof typeof RCODES;

/** The bytes to send back, or nothing for what is no query: noise must not stop a name server. */
export function reply(
  bytes: Buffer,
  transport: "udp" | "tcp",
  world: World,
): Uint8Array | undefined {
  const query = readQuery(bytes);
  if (!query) return undefined;
  const { code, ...sections } = contentOf(query, world);
  const opt = query.additionals?.find((record): record is OptAnswer => record.type === "OPT");
  const response: Packet = {
    type: "response",
    id: query.id ?? 0,
    flags: AUTHORITATIVE_ANSWER | ((query.flags ?? 0) & RECURSION_DESIRED) | RCODES[code],
    questions: query.questions ?? [],
    ...sections,
    additionals: opt ? [ednsOf()] : [],
  };
  const encoded = written(response);
  const limit = opt ? Math.min(Math.max(opt.udpPayloadSize, PLAIN_BYTES), EDNS_BYTES) : PLAIN_BYTES;
  if (transport === "tcp" || encoded.length <= limit) return encoded;
  const flags = (response.flags ?? 0) | TRUNCATED_RESPONSE;
  return encode({ ...response, flags, answers: [], authorities: [] });
}

/** A record that the API let through and that cannot be written must not stop the name server. */
function written(response: Packet): Uint8Array {
  try {
    return encode(response);
  } catch {
    const flags = (response.flags ?? 0) | RCODES.SERVFAIL;
    return encode({ ...response, flags, answers: [], authorities: [] });
  }
}

function readQuery(bytes: Buffer): DecodedPacket | undefined {
  try {
    const packet = decode(bytes);
    return packet.type === "query" ? packet : undefined;
  } catch {
    return undefined;
  }
}

interface Content {
  readonly code: Code;
  readonly answers?: Packet["answers"];
  readonly authorities?: Packet["authorities"];
}

function contentOf(query: DecodedPacket, world: World): Content {
  const [question, ...more] = query.questions ?? [];
  if (((query.flags ?? 0) & OPCODE_BITS) !== 0) return { code: "NOTIMP" };
  if (!question || more.length > 0) return { code: "FORMERR" };
  if (question.class !== "IN") return { code: "REFUSED" };
  const { rcode, answers, authorities } = resolve(question.name, question.type, world);
  return { code: rcode, answers: [...answers], authorities: [...authorities] };
}

const ednsOf = () =>
  ({
    type: "OPT",
    name: ".",
    udpPayloadSize: EDNS_BYTES,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  }) satisfies OptAnswer;
