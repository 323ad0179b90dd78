import { access } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Settings } from "../../postgres/settings.ts";
import type { Host } from "../host.ts";

const LOOK_MS = 20;
const ARCHIVED_WITHIN_MS = 10_000;

/**
 * Settings of a server that archives its WAL for as long as there is a directory to put it in. What is not archived
 * is let go: nothing is kept on the server's own volume for an archive it does not have.
 */
export function archiveSettings(directory: string): Settings {
  const target = join(directory, "%f");
  const keep = `gzip -1 < "%p" > "${target}.part" && mv "${target}.part" "${target}.gz"`;
  return { archive_mode: true, archive_command: `test ! -d "${directory}" || (${keep})` };
}

/** Settings of a server that begins with a base backup and goes on with an archive, up to a time. */
export function recoverySettings(directory: string, until: Date): Settings {
  const file = join(directory, "%f.gz");
  return {
    restore_command: `test -f "${file}" && gzip -dc "${file}" > "%p"`,
    // Names of zones, Z included, are not known yet when this is read.
    recovery_target_time: until.toISOString().replace("Z", "+00"),
    recovery_target_action: "promote",
    // Ready means recovered then.
    hot_standby: false,
  };
}

/**
 * Has all WAL written so far archived.
 *
 * @returns a moment to which the archive reaches: a commit follows it, without which PostgreSQL would not know that
 * a recovery to it is complete
 * @throws Error if it is not there in time
 */
export async function shipWal(host: Host, directory: string, signal: AbortSignal): Promise<Date> {
  const reached = new Date();
  // Later also where the clock shows the same millisecond.
  await wait(1);
  await host.query("select pg_current_xact_id()");
  const [row] = await host.query("select pg_walfile_name(pg_switch_wal()) as file");
  const path = join(directory, `${row?.["file"]}.gz`);
  const end = Date.now() + ARCHIVED_WITHIN_MS;
  while (!(await exists(path))) {
    signal.throwIfAborted();
    if (Date.now() > end) throw new Error(`${path} was not archived`);
    await wait(LOOK_MS);
  }
  return reached;
}

/** Complete segments from that one on, and the history of timelines. */
export const isOfArchive = (name: string, first: string) =>
  name.endsWith(".gz") && (!/^[0-9A-F]{24}/.test(name) || name.slice(8, 24) >= first.slice(8, 24));

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
