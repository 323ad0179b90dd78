import { createReadStream, createWriteStream } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip, createGzip } from "node:zlib";
import { backup, unpackInto } from "../postgres/base-backup.ts";
import { LogMarks } from "../postgres/log-marks.ts";
import { giveAway } from "../postgres/run-as.ts";
import { isOfArchive, recoverySettings, shipWal } from "./automated/wal.ts";
import { installPostgres } from "./install-postgres.ts";
import type { Instance } from "./instance.ts";
import type { Keeping } from "./keeping.ts";

export const postgresKeeping: Keeping = {
  /** How long a busy machine compresses has nothing to do with the time of which all is in it. */
  async copy(instance, file) {
    const marks = await LogMarks.begin(instance.host.postgres.connection);
    try {
      const position = await dump(instance, file);
      const holds = await marks.until(position);
      // Logs reach back to where the whole of it has been read, not a moment further.
      return { ...(holds && { holds }), from: new Date() };
    } finally {
      await marks.close();
    }
  },
  async restore({ host }, file, aim) {
    await installPostgres(host, (directory) => unpackAlone(directory, file, { recovers: !!aim }), {
      ...(aim && { extra: recoverySettings(aim.archive, aim.until) }),
    });
  },
  async firstLog(host) {
    const [row] = await host.query("select pg_walfile_name(pg_current_wal_lsn()) as file");
    return String(row?.["file"]);
  },
  ship: shipWal,
  isNeeded: isOfArchive,
};

/** Resolves to the position in the log at which it ends. */
async function dump({ host, id }: Instance, file: string): Promise<string> {
  const tar = new PassThrough();
  const zip = createGzip({ level: constants.Z_BEST_SPEED });
  const [position] = await Promise.all([
    backup({ connection: host.postgres.connection, label: id, wal: true }, tar),
    pipeline(tar, zip, createWriteStream(file)),
  ]);
  return position;
}

/** What was backed up on a standby does not become one. */
async function unpackAlone(
  directory: string,
  file: string,
  { recovers }: { readonly recovers: boolean },
): Promise<void> {
  await unpackInto(directory, createReadStream(file), createGunzip());
  await rm(join(directory, "standby.signal"), { force: true });
  if (!recovers) return;
  const signal = join(directory, "recovery.signal");
  await writeFile(signal, "", { mode: 0o600 });
  await giveAway(signal);
}
