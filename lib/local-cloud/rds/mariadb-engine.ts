import { createHash } from "node:crypto";
import { join } from "node:path";
import { mariadbBinaries, WITHOUT_MARIADB } from "../mariadb/binaries.ts";
import { MariadbServer } from "../mariadb/server.ts";
import { configureMariadb, makeWritable } from "../mariadb/settings.ts";
import { copyMariadbTemplate, mariadbTemplate, REPLICATOR } from "../mariadb/template.ts";
import { letPass } from "../postgres/run-as.ts";
import type { Engine } from "./engine.ts";
import { LINK_PORT, SERVER_PORT } from "./host.ts";
import type { Instance } from "./instance.ts";
import { invalidCombination, invalidValue } from "./parameters.ts";

const CAUGHT_UP_WITHIN_S = 60;

/** As RDS says them of its masters, and what MariaDB 10.5 took out of REPLICATION CLIENT. */
const MASTER_MAY = `select, insert, update, delete, create, drop, reload, process, references, index, alter,
  show databases, create temporary tables, lock tables, execute, replication client, replication slave,
  slave monitor, create view, show view, create routine, alter routine, create user, event, trigger`;

export const mariadbEngine: Engine = {
  port: 3306,
  license: "general-public-license",
  family: (version) => `mariadb${version.split(".").slice(0, 2).join(".")}`,
  isBackedUp: false,
  async version(asked) {
    const { version } = await found();
    if (asked === undefined || version === asked || version.startsWith(`${asked}.`)) return version;
    throw invalidCombination(
      `Cannot find version ${asked} for mariadb; the local cloud has what this machine has, ${version}.`,
    );
  },
  checkMaster(name) {
    if (/^[a-z]\w{0,79}$/i.test(name) && !/^(rds|root|mariadb|mysql)/i.test(name)) return;
    throw invalidValue(`MasterUsername '${name}' cannot be used: it is missing or reserved.`);
  },
  async create(instance, password) {
    const { host, contents } = instance;
    await install(instance, { isReplica: false });
    const { masterUsername: master, databaseName } = contents;
    await host.query("create user ?@'%' identified by ?", [master, password]);
    await host.query(`grant ${MASTER_MAY} on *.* to ?@'%' with grant option`, [master]);
    if (databaseName !== undefined) await host.query(`create database \`${databaseName}\``);
  },
  /** Its source has kept every statement since it was empty: a replica begins with the same emptiness. */
  async replicate(instance, source) {
    const { host } = instance;
    const adminPassword = await install(instance, { isReplica: true });
    await host.query(
      `change master to master_host = ?, master_port = ${LINK_PORT}, master_user = ?, master_password = ?,
        master_use_gtid = slave_pos, master_connect_retry = 1, master_heartbeat_period = 1`,
      [host.options.address, REPLICATOR, adminPassword],
    );
    await host.query("start slave");
    const [at] = await source.host.query("select @@gtid_binlog_pos as position");
    const values = [String(at?.["position"]), CAUGHT_UP_WITHIN_S];
    const [row] = await host.query("select master_gtid_wait(?, ?) as reached", values);
    if (row?.["reached"] === 0) return;
    throw new Error(`${instance.id} has not caught up after ${CAUGHT_UP_WITHIN_S} s`);
  },
  /** What was received and not applied goes with the relay log. */
  async promote({ host }) {
    await host.query("stop slave");
    await host.query("reset slave all");
    await makeWritable(dataOf(host.options.directory));
    await host.query("set global read_only = off");
  },
  forget: async () => undefined,
  async changePassword({ host, contents: { masterUsername } }, password) {
    await host.query("alter user ?@'%' identified by ?", [masterUsername, password]);
  },
};

async function found() {
  const binaries = await mariadbBinaries();
  if (binaries) return binaries;
  throw invalidValue(`Invalid DB engine: mariadb; ${WITHOUT_MARIADB}.`);
}

/** Starts an empty server; answers the password of whoever may everything. */
async function install(
  { host, resourceId }: Instance,
  { isReplica }: { readonly isReplica: boolean },
): Promise<string> {
  const { address, directory, guard, label, name, authority, runDirectory } = host.options;
  await letPass(runDirectory);
  const binaries = await found();
  const template = await mariadbTemplate(binaries);
  const { adminPassword } = template;
  const data = dataOf(directory);
  await copyMariadbTemplate(template, data);
  const certificate = await authority.issue([name, address]);
  const serverId = createHash("sha256").update(resourceId).digest().readUInt32BE() || 1;
  const at = { address, port: SERVER_PORT };
  await configureMariadb(data, { ...at, certificate, serverId, isReplica });
  await host.run(
    new MariadbServer({ binaries, guard, label, adminPassword, directory: data, ...at }),
  );
  return adminPassword;
}

const dataOf = (directory: string) => join(directory, "data");
