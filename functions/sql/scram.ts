import { createHash, createHmac, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/** As PostgreSQL's own; a client has to do as many for every login. */
const ITERATIONS = 4096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

const derive = promisify(pbkdf2);

/**
 * What PostgreSQL keeps of a password (RFC 5803, `pg_authid.rolpassword`). Given instead of the password it never reaches a
 * server's log. Normalised as PostgreSQL does, except for the few characters that SASLprep maps to nothing.
 */
export async function scramVerifier(
  password: string,
  salt: Buffer = randomBytes(SALT_BYTES),
): Promise<string> {
  const salted = await derive(password.normalize("NFKC"), salt, ITERATIONS, KEY_BYTES, "sha256");
  const sign = (text: string) => createHmac("sha256", salted).update(text).digest();
  const stored = createHash("sha256").update(sign("Client Key")).digest();
  const [saltText, storedText, serverText] = [salt, stored, sign("Server Key")].map((part) =>
    part.toString("base64"),
  );
  return `SCRAM-SHA-256$${ITERATIONS}:${saltText}$${storedText}:${serverText}`;
}
