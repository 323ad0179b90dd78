const ISO = "'%Y-%m-%dT%H:%i:%s.%fZ'";

/** A time of the server is UTC and text: no zone of a session or a client changes it. */
export const BEAT = `
  insert into hosting_sla.heartbeat (id, at, sequence) values (1, utc_timestamp(6), 1)
  on duplicate key update at = utc_timestamp(6), sequence = sequence + 1`;

export const READ_BEAT = `
  select date_format(at, ${ISO}) as at, sequence from hosting_sla.heartbeat where id = 1`;

/** Sessions of clients: not ours, not replication, none of RDS's own, which cannot be ended by us. */
const CLIENTS = `
  from information_schema.processlist client
  where client.id <> connection_id()
    and client.user <> substring_index(user(), '@', 1)
    and client.user not in ('rdsadmin', 'rdsrepladmin', 'rdstopmgr', 'rdsproxyadmin', 'system user', 'event_scheduler')
    and client.command not in ('Daemon', 'Binlog Dump', 'Binlog Dump GTID')`;

const stateBy = (closed: "read_only" | "innodb_read_only") => `
  select date_format(utc_timestamp(6), ${ISO}) as now, @@global.${closed} as isClosed,
    (select count(*) ${CLIENTS}) as sessions`;

export const STATE = stateBy("read_only");

/** Who does not write in Aurora is closed by its storage, whatever `read_only` says. */
export const AURORA_STATE = stateBy("innodb_read_only");

/** By the estimates of its tables: of files of its own Aurora says nothing. */
export const TABLE_BYTES = `
  select coalesce(sum(data_length + index_length), 0) as bytes from information_schema.tables`;

export const CLIENT_IDS = `select client.id as id ${CLIENTS}`;

/** RDS lets its masters end sessions by this only. */
export const END_SESSION = "call mysql.rds_kill(?)";

/** A repeat of the same execution writes again: only a write shows that writing works. */
export const PROVE = `
  insert into hosting_sla.proof (execution, epoch, at) values (?, ?, utc_timestamp(6))
  on duplicate key update epoch = values(epoch), at = values(at)`;

export const PROVED = `
  select date_format(at, ${ISO}) as at from hosting_sla.proof where execution = ?`;

export const BINARY_LOGS = "show binary logs";

/** Somebody fetches the log of this server. */
export const FETCHERS = `
  select count(*) as fetchers from information_schema.processlist where command like 'Binlog Dump%'`;

export const NOW = `select date_format(utc_timestamp(6), ${ISO}) as now`;
