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
  if (databaseName === undefined || databaseName === "postgres") return;
  await host.query(`create database ${escapeIdentifier(databaseName)} owner ${master}`);
}

export async function changeMasterPassword(host: Host, contents: Contents, password: string) {
  const master = escapeIdentifier(contents.masterUsername);
  await host.query(`alter role ${master} password ${escapeLiteral(password)}`);
}
