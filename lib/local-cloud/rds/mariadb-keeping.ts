import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { copyDataDirectory, packInto } from "../mariadb/copy.ts";
import { archiveLogs, isLog } from "../mariadb/log-archive.ts";
import { replay } from "../mariadb/replay.ts";
import { unpackInto } from "../postgres/base-backup.ts";
import { makePrivateDirectory } from "../postgres/run-as.ts";
import type { Host } from "./host.ts";
import { installedMariadb, installMariadb, mariadbDataOf } from "./install-mariadb.ts";
import type { Keeping } from "./keeping.ts";

const SECOND = 1000;

export const mariadbKeeping: Keeping = {
  /** As of a volume: its files of one moment, from which a server starts as after a crash. */
  async copy({ host }, file) {
    const beside = `${file}.files`;
    await makePrivateDirectory(beside);
    try {
      const holds = await host.server.still(async () => {
        const at = new Date();
        await copyDataDirectory(mariadbDataOf(host), beside);
        return at;
      });
      await packInto(file, beside);
      return { holds, from: holds };
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  },
  async restore(instance, file, aim) {
    const { host } = instance;
    await installMariadb(instance, {
      fill: (directory) => unpackInto(directory, createReadStream(file), createGunzip()),
    });
    if (!aim) return;
    const [at] = await host.query("select @@gtid_binlog_pos as position");
    await replay({
      ...{ binaries: await installedMariadb(), directory: host.options.directory },
      ...{ ...aim, server: host.mariadb, behind: String(at?.["position"] ?? "") },
    });
  },
  firstLog: currentLog,
  /** Logs know whole seconds only, and so does what is restored from them. */
  async ship(host, archive, signal) {
    const reached = new Date(Math.floor(Date.now() / SECOND) * SECOND);
    await host.query("flush binary logs");
    await archiveLogs(mariadbDataOf(host), archive, await currentLog(host), signal);
    return reached;
  },
  isNeeded: (name, firstLog) => isLog(name) && name.replace(/\.gz$/, "") >= firstLog,
};

async function currentLog(host: Host): Promise<string> {
  const [row] = await host.query("show master status");
  return String(row?.["File"]);
}
