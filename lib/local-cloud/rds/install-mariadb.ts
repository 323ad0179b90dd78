import { createHash } from "node:crypto";
import { join } from "node:path";
import { mariadbBinaries, WITHOUT_MARIADB } from "../mariadb/binaries.ts";
import { MariadbServer } from "../mariadb/server.ts";
import { configureMariadb } from "../mariadb/settings.ts";
import { copyMariadbTemplate, mariadbTemplate } from "../mariadb/template.ts";
import { letPass } from "../postgres/run-as.ts";
import { type Host, SERVER_PORT } from "./host.ts";
import type { Instance } from "./instance.ts";
import { invalidValue } from "./parameters.ts";

/** How a server starts. */
interface Installation {
  readonly isReplica?: boolean;
  /** Fills its data directory; without, it is empty. */
  readonly fill?: (directory: string) => Promise<void>;
}

/** @throws AwsError InvalidParameterValue where the machine has no MariaDB */
export async function installedMariadb() {
  const binaries = await mariadbBinaries();
  if (binaries) return binaries;
  throw invalidValue(`Invalid DB engine: mariadb; ${WITHOUT_MARIADB}.`);
}

/** Fills the data directory of a machine and starts MariaDB on it; answers the password of whoever may everything. */
export async function installMariadb(
  { host, resourceId }: Pick<Instance, "host" | "resourceId">,
  { isReplica = false, fill }: Installation = {},
): Promise<string> {
  const { address, guard, label, name, authority, runDirectory } = host.options;
  await letPass(runDirectory);
  const binaries = await installedMariadb();
  const template = await mariadbTemplate(binaries);
  const { adminPassword } = template;
  const directory = mariadbDataOf(host);
  await (fill ? fill(directory) : copyMariadbTemplate(template, directory));
  const certificate = await authority.issue([name, address]);
  const serverId = createHash("sha256").update(resourceId).digest().readUInt32BE() || 1;
  const at = { address, port: SERVER_PORT };
  await configureMariadb(directory, { ...at, certificate, serverId, isReplica });
  await host.run(new MariadbServer({ binaries, guard, label, adminPassword, directory, ...at }));
  return adminPassword;
}

export const mariadbDataOf = ({ options }: Host) => join(options.directory, "data");
