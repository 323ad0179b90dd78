import { makeWritable } from "../mariadb/settings.ts";
import { REPLICATOR } from "../mariadb/template.ts";
import type { Engine } from "./engine.ts";
import { LINK_PORT } from "./host.ts";
import { installedMariadb, installMariadb, mariadbDataOf } from "./install-mariadb.ts";
import { mariadbKeeping } from "./mariadb-keeping.ts";
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
  keeping: mariadbKeeping,
  async version(asked) {
    const { version } = await installedMariadb();
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
    await installMariadb(instance);
    const { masterUsername: master, databaseName } = contents;
    await host.query("create user ?@'%' identified by ?", [master, password]);
    await host.query(`grant ${MASTER_MAY} on *.* to ?@'%' with grant option`, [master]);
    if (databaseName !== undefined) await host.query(`create database \`${databaseName}\``);
  },
  /** Its source has kept every statement since it was empty: a replica begins with the same emptiness. */
  async replicate(instance, source) {
    const { host } = instance;
    const adminPassword = await installMariadb(instance, { isReplica: true });
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
    await makeWritable(mariadbDataOf(host));
    await host.query("set global read_only = off");
  },
  forget: async () => undefined,
  async changePassword({ host, contents: { masterUsername } }, password) {
    await host.query("alter user ?@'%' identified by ?", [masterUsername, password]);
  },
};
