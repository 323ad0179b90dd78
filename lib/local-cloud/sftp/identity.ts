import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import ssh2 from "ssh2";
import { freshKeys } from "./fresh-keys.ts";

/** Who a server is, and who it lets in. */
export interface Identity {
  /** OpenSSH's own form. */
  readonly privateKey: string;
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  readonly password: string;
}

/** Beside the files, where the server itself shows nobody what begins with a dot. */
const KEY_FILE = ".sftp-host-key";
const PASSWORD_FILE = ".sftp-password";
const PRIVATE = 0o600;

/**
 * The one that the directory has, so that what stands in a fleet stays true; made at the first time, as is the directory.
 * @throws Error in one line if its key is none
 */
export async function identityIn(directory: string): Promise<Identity> {
  await mkdir(directory, { recursive: true });
  const privateKey = await kept(join(directory, KEY_FILE), freshKey);
  const password = await kept(join(directory, PASSWORD_FILE), () =>
    randomBytes(15).toString("base64url"),
  );
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) {
    throw new Error(`${join(directory, KEY_FILE)} is no key of SSH: remove it, a new one is made`);
  }
  const digest = createHash("sha256").update(parsed.getPublicSSH()).digest("base64");
  return { privateKey, password, fingerprint: `SHA256:${digest.replace(/=+$/, "")}` };
}

const freshKey = () => freshKeys().private;

async function kept(file: string, make: () => string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    const made = make();
    await writeFile(file, made, { mode: PRIVATE });
    return made;
  }
}
