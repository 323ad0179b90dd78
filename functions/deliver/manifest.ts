import type { Manifest } from "../../lib/sla/backups/manifest.ts";
import { dumpedWith, dumpOf } from "../../lib/sla/dump-formats.ts";
import type { FrozenCopy } from "../freeze/contract.ts";
import type { Delivery, SentFiles } from "./contract.ts";

/** For whoever restores it, without this product and without us. */
export function manifestText(
  copy: FrozenCopy,
  delivery: Omit<Delivery, "place" | "seconds" | "removedAt">,
): string {
  const { instance, backup, takenAt, name, recipient, plain, encrypted, deliveredAt } = delivery;
  const { database, untransacted, counted } = copy;
  const dumped = dumpOf(copy);
  const dump = name.replace(/\.age$/, "");
  const open = recipient === undefined ? "age -d" : "age -d -i KEY_FILE";
  const manifest = {
    ...{ instance, backup, takenAt, deliveredAt, database, file: name },
    encrypted: {
      ...encrypted,
      with: "age (age-encryption.org/v1)",
      ...(recipient && { recipient }),
    },
    dump: {
      ...{ ...plain, format: dumped.format, ...dumpedWith(copy) },
      ...(untransacted && { untransacted }),
      ...(counted && { counted }),
    },
    restore: [
      `echo '${encrypted.sha256}  ${name}' | sha256sum -c`,
      `${open} -o ${dump} ${name}`,
      `echo '${plain.sha256}  ${dump}' | sha256sum -c`,
      ...dumped.restore(dump, database),
    ],
    needs: `age 1.0 or newer; ${dumped.needs(dumped)}`,
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** Likewise for its files. */
export function filesText(
  instance: string,
  { backup, takenAt, recipient }: Pick<Delivery, "backup" | "takenAt" | "recipient">,
  { filesAt, files }: Pick<Manifest, "filesAt" | "files">,
  { name, plain, encrypted, deliveredAt }: SentFiles,
): string {
  const archive = name.replace(/\.age$/, "");
  const open = recipient === undefined ? "age -d" : "age -d -i KEY_FILE";
  const manifest = {
    ...{ instance, backup, takenAt, filesAt, deliveredAt, file: name },
    encrypted: {
      ...encrypted,
      with: "age (age-encryption.org/v1)",
      ...(recipient && { recipient }),
    },
    archive: {
      ...{ ...plain, format: "tar (pax)", below: "files/", files: files.length },
      content: files.reduce((sum, { size }) => sum + size, 0),
    },
    restore: [
      `echo '${encrypted.sha256}  ${name}' | sha256sum -c`,
      `${open} -o ${archive} ${name}`,
      `echo '${plain.sha256}  ${archive}' | sha256sum -c`,
      `tar -xf ${archive}`,
    ],
    needs: "age 1.0 or newer; tar",
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
