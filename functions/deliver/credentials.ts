import type { Destination } from "../../lib/sla/fleet.ts";
import { SlaError } from "../kernel/errors.ts";

/** Who we are at a destination, and what what we send opens with. */
export interface Credentials {
  readonly login: KeyLogin | SftpLogin;
  /** Present where the destination has no recipient. */
  readonly passphrase?: string;
}

export interface KeyLogin {
  readonly kind: "s3";
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SftpLogin {
  readonly kind: "sftp";
  readonly username: string;
  readonly password?: string;
  readonly privateKey?: string;
}

/** What age's own program makes has 80 bits and more; a word has none. */
const SHORTEST_PASSPHRASE = 16;

/** Of the text of a secret. Throws SecretMalformed, which says what is missing and nothing of what is there. */
export function parseCredentials(
  { kind, secret, recipient }: Destination,
  text: string | undefined,
): Credentials {
  if (text === undefined) {
    const said = `there is no secret ${secret}: make it in this region, ${WANTED[kind]}`;
    throw new SlaError("SecretMissing", "operator", said);
  }
  const found = recordIn(text);
  const login = kind === "s3" ? keyLogin(found) : sftpLogin(found);
  if (!login) throw malformed(secret, WANTED[kind]);
  if (recipient !== undefined) return { login };
  const passphrase = textAt(found, "passphrase");
  if (passphrase !== undefined && passphrase.length >= SHORTEST_PASSPHRASE) {
    return { login, passphrase };
  }
  throw malformed(
    secret,
    `"passphrase" of at least ${SHORTEST_PASSPHRASE} characters as well, or a recipient: in the fleet`,
  );
}

/** What must appear in no message, whoever wrote it. */
export const secretsIn = ({ login, passphrase }: Credentials): readonly string[] => {
  const own =
    login.kind === "s3"
      ? [login.accessKeyId, login.secretAccessKey]
      : [login.password, login.privateKey];
  return [...own, passphrase].filter((each) => each !== undefined);
};

const WANTED = {
  s3: '{"accessKeyId", "secretAccessKey"}',
  sftp: '{"username", "password"} or {"username", "privateKey"}',
} as const;

const malformed = (secret: string, wanted: string) =>
  new SlaError("SecretMalformed", "operator", `the secret ${secret}: expected ${wanted}`);

type Values = Readonly<Record<string, unknown>>;

function keyLogin(found: Values): KeyLogin | undefined {
  const accessKeyId = textAt(found, "accessKeyId");
  const secretAccessKey = textAt(found, "secretAccessKey");
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { kind: "s3", accessKeyId, secretAccessKey };
}

function sftpLogin(found: Values): SftpLogin | undefined {
  const username = textAt(found, "username");
  const password = textAt(found, "password");
  const privateKey = textAt(found, "privateKey");
  if (username === undefined) return undefined;
  if (privateKey !== undefined) return { kind: "sftp", username, privateKey };
  return password === undefined ? undefined : { kind: "sftp", username, password };
}

function textAt(found: Values, key: string): string | undefined {
  const value = found[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function recordIn(text: string): Values {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Values) : {};
  } catch {
    return {};
  }
}
