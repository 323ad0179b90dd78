import ssh2 from "ssh2";

/**
 * An ed25519 pair in OpenSSH's form. ssh2 1.17.0 takes a first byte of zero away from a public key, which nobody can read then, itself
 * included: of 256 keys that is one.
 */
export function freshKeys() {
  for (;;) {
    const keys = ssh2.utils.generateKeyPairSync("ed25519");
    const isWhole = [keys.private, keys.public].every(
      (key) => !(ssh2.utils.parseKey(key) instanceof Error),
    );
    if (isWhole) return keys;
  }
}
