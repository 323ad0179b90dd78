import type { Family, Version } from "../../lib/sla/live/tls-grade.ts";

/** Code points of cipher suites: https://www.iana.org/assignments/tls-parameters */
export const SUITES = {
  NULL: [0x0001, 0x0002, 0x003b, 0xc001, 0xc006, 0xc00b, 0xc010],
  anonymous: [
    0x001b, 0x0034, 0x003a, 0x006c, 0x006d, 0x00a6, 0x00a7, 0xc016, 0xc017, 0xc018, 0xc019,
  ],
  EXPORT: [0x0003, 0x0006, 0x0008, 0x000b, 0x000e, 0x0011, 0x0014, 0x0017, 0x0019],
  DES: [0x0009, 0x000c, 0x000f, 0x0012, 0x0015, 0x001a],
  RC4: [0x0004, 0x0005, 0x0018, 0xc002, 0xc007, 0xc00c, 0xc011],
  "3DES": [0x000a, 0x000d, 0x0010, 0x0013, 0x0016, 0xc003, 0xc008, 0xc00d, 0xc012],
  "static RSA": [0x002f, 0x0035, 0x003c, 0x003d, 0x0041, 0x0084, 0x009c, 0x009d, 0xc09c, 0xc09d],
  "CBC with forward secrecy": [
    ...[0x0033, 0x0039, 0x0067, 0x006b, 0xc009, 0xc00a, 0xc013, 0xc014, 0xc023, 0xc024, 0xc027],
    0xc028,
  ],
  "AEAD with forward secrecy": [
    ...[0x009e, 0x009f, 0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9, 0xccaa],
  ],
} as const satisfies Record<Family, readonly number[]>;

const MODERN_SUITES = [0x1301, 0x1302, 0x1303];

export const VERSION_CODES = {
  SSLv3: 0x0300,
  TLSv1: 0x0301,
  "TLSv1.1": 0x0302,
  "TLSv1.2": 0x0303,
  "TLSv1.3": 0x0304,
} as const satisfies Record<Version, number>;

export interface Offer {
  readonly version: Version;
  /** Below TLS 1.3. */
  readonly suites: readonly number[];
  /** Absent for an address. */
  readonly host?: string;
  /** 32 bytes of chance. */
  readonly random: Buffer;
}

/** The first record of a client that offers exactly this (RFC 5246, section 7.4.1.2; RFC 8446, section 4.1.2). */
export function clientHello({ version, suites, host, random }: Offer): Buffer {
  const isModern = version === "TLSv1.3";
  const legacy = Math.min(VERSION_CODES[version], VERSION_CODES["TLSv1.2"]);
  const offered = isModern ? MODERN_SUITES : [...suites];
  const body = Buffer.concat([
    u16(legacy),
    random,
    sized(1, isModern ? random : Buffer.alloc(0)),
    sized(2, Buffer.concat(offered.map(u16))),
    // No compression.
    sized(1, Buffer.from([0])),
    ...(version === "SSLv3" ? [] : [sized(2, extensions(isModern, host, random))]),
  ]);
  const handshake = Buffer.concat([Buffer.from([1]), sized(3, body)]);
  const record = version === "SSLv3" ? VERSION_CODES.SSLv3 : VERSION_CODES.TLSv1;
  return Buffer.concat([Buffer.from([22]), u16(record), sized(2, handshake)]);
}

/** x25519, P-256, P-384, P-521. */
const GROUPS = [29, 23, 24, 25];
/** ECDSA, RSA-PSS and RSA with SHA-256, -384, -512, then what is old. */
const SIGNATURES = [
  ...[0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201],
];

function extensions(isModern: boolean, host: string | undefined, random: Buffer): Buffer {
  const name =
    host === undefined
      ? []
      : [
          extension(
            0,
            sized(2, Buffer.concat([Buffer.from([0]), sized(2, Buffer.from(host, "ascii"))])),
          ),
        ];
  const common = [
    ...name,
    extension(10, sized(2, Buffer.concat(GROUPS.map(u16)))),
    extension(11, sized(1, Buffer.from([0]))),
    extension(13, sized(2, Buffer.concat(SIGNATURES.map(u16)))),
    // Nothing is renegotiated, as servers want to hear.
    extension(0xff01, sized(1, Buffer.alloc(0))),
  ];
  // Any 32 bytes are a point of x25519: the server answers, and nothing is ever computed from it.
  const share = Buffer.concat([u16(29), sized(2, random)]);
  const modern = [
    extension(43, sized(1, u16(VERSION_CODES["TLSv1.3"]))),
    extension(51, sized(2, share)),
  ];
  return Buffer.concat([...common, ...(isModern ? modern : [])]);
}

const extension = (type: number, data: Buffer) => Buffer.concat([u16(type), sized(2, data)]);

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** With its length before it, in so many bytes. */
function sized(width: 1 | 2 | 3, data: Buffer): Buffer {
  const length = Buffer.alloc(width);
  length.writeUIntBE(data.length, 0, width);
  return Buffer.concat([length, data]);
}
