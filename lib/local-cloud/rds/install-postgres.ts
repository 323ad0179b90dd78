import { join } from "node:path";
import { postgresBinaries } from "../postgres/binaries.ts";
import { letPass } from "../postgres/run-as.ts";
import { PostgresServer } from "../postgres/server.ts";
import { configure, type Settings } from "../postgres/settings.ts";
import { type Template, template } from "../postgres/template.ts";
import { archiveSettings } from "./automated/wal.ts";
import { type Host, LINK_PORT, SERVER_PORT } from "./host.ts";

/** Fills an empty data directory. */
type Fill = (directory: string, template: Template) => Promise<void>;

/** How a server starts. */
interface Installation {
  /** Of the standby of what the link leads to. */
  readonly slot?: string;
  /** Settings besides those every server has. */
  readonly extra?: Settings;
}

/** Fills the data directory of a machine and starts PostgreSQL on it. */
export async function installPostgres(
  host: Host,
  fill: Fill,
  { slot, extra }: Installation = {},
): Promise<void> {
  const { address, directory, guard, label, name, authority, archive, runDirectory } = host.options;
  await letPass(runDirectory);
  const binaries = await postgresBinaries();
  const made = await template(binaries);
  const { adminPassword } = made;
  const data = join(directory, "data");
  await fill(data, made);
  const certificate = await authority.issue([name, address]);
  const upstream = slot !== undefined && {
    upstream: { address, port: LINK_PORT, password: adminPassword, slot },
  };
  await configure(data, {
    address,
    port: SERVER_PORT,
    certificate,
    ...upstream,
    extra: { ...(archive !== undefined && archiveSettings(archive)), ...extra },
  });
  const at = { directory: data, address, port: SERVER_PORT };
  await host.run(new PostgresServer({ binaries, guard, label, adminPassword, ...at }));
}
