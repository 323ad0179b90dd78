import { escapeIdentifier, escapeLiteral } from "pg";
import type { Host } from "./host.ts";
import type { Contents } from "./instance.ts";

/** Roles as on RDS: the master is no superuser, but may do what an administrator of a customer must. */
export async function prepareMaster(host: Host, contents: Contents, password: string) {
  const master = escapeIdentifier(contents.masterUsername);
  const { databaseName } = contents;
  await host.query(`
    create role rds_superuser nologin;
    grant pg_monitor, pg_signal_backend, pg_checkpoint to rds_superuser with admin option;
    create role ${master} login createdb createrole password ${escapeLiteral(password)};
    grant rds_superuser to ${master};
    alter database postgres owner to ${master}`);
  if (databaseName !== undefined && databaseName !== "postgres") {
    await host.query(`create database ${escapeIdentifier(databaseName)} owner ${master}`);
  }
  await offerChecker(host, databaseName ?? "postgres");
}

/** On RDS a master may create it; here only a superuser could, so it is there already. */
async function offerChecker(host: Host, databaseName: string): Promise<void> {
  await host.query("create extension amcheck", [], databaseName);
  await host.query(
    `grant execute on function bt_index_check(regclass), bt_index_check(regclass, boolean),
      verify_heapam(regclass, boolean, boolean, text, bigint, bigint) to rds_superuser`,
    [],
    databaseName,
  );
}

export async function changeMasterPassword(host: Host, contents: Contents, password: string) {
  const master = escapeIdentifier(contents.masterUsername);
  await host.query(`alter role ${master} password ${escapeLiteral(password)}`);
}
