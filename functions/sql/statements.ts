/** Insert or advance the one heartbeat row; answers the server's clock. */
export const BEAT = `
  insert into hosting_sla.heartbeat as beat (id, at, sequence) values (1, clock_timestamp(), 1)
  on conflict (id) do update set at = excluded.at, sequence = beat.sequence + 1
  returning at, sequence::float8 as sequence`;

/**
 * Sessions of clients: not ours, not replication, and no superuser's, which on RDS are the provider's
 * own (rdsadmin) and cannot be ended by us.
 */
export const CLIENTS = `
  from pg_stat_activity client
  where client.backend_type = 'client backend'
    and client.pid <> pg_backend_pid()
    and client.usename is distinct from current_user
    and not exists (select from pg_roles r where r.oid = client.usesysid and r.rolsuper)`;

/** Ordinary tables of customers, each partition by itself. */
const OF_CUSTOMERS = `
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence = 'p'
    and n.nspname not in ('pg_catalog', 'information_schema', 'hosting_sla')
    and n.nspname !~ '^pg_'`;

/** A crash makes all statistics begin anew, and the time from which those of the whole server count. */
export const CHANGED = `
  select json_build_object('deleted', counted.tup_deleted, 'updated', counted.tup_updated,
    'counting', concat_ws(' ', extract(epoch from counted.stats_reset),
      (select extract(epoch from stats_reset) from pg_stat_bgwriter))) as changed
  from pg_stat_database counted where counted.datname = current_database()`;

/** Works in recovery and out of it; out of it the received position is the server's own. */
export const READ = `
  select
    clock_timestamp() as now,
    state.in_recovery as "inRecovery",
    wal.received::text as "receivedLsn",
    wal.replayed::text as "replayedLsn",
    greatest(0, pg_wal_lsn_diff(wal.received, wal.replayed))::float8 as "undrainedBytes",
    exists (select from pg_stat_wal_receiver where status = 'streaming') as streaming,
    (select count(*)::int ${CLIENTS}) as sessions,
    pg_snapshot_xmin(pg_current_snapshot())::text as horizon
  from (select pg_is_in_recovery() as in_recovery) state
  cross join lateral (select
    case when state.in_recovery then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end as received,
    case when state.in_recovery then pg_last_wal_replay_lsn() end as replayed) wal`;

/**
 * For a primary. Sizes of databases that nobody lets us into are small ones of RDS's own; a slot that has never
 * been used keeps nothing.
 */
export const STORAGE = `
  select
    (select coalesce(sum(pg_database_size(oid)), 0)::float8 from pg_database
      where datallowconn and has_database_privilege(oid, 'CONNECT')) as "databaseBytes",
    coalesce(slot.bytes, 0)::float8 as "retainedBytes",
    coalesce(slot.active, false) as "isFetched",
    case slot.slot_type when 'physical' then 'replica' when 'logical' then 'subscriber' else 'nobody' end
      as "keptFor",
    (select count(*)::int from pg_replication_slots
      where slot_type = 'physical' and restart_lsn is not null) as "replicaSlots",
    (select count(*)::int ${OF_CUSTOMERS} and not (has_schema_privilege(n.oid, 'USAGE')
      and has_table_privilege(c.oid, 'SELECT'))) as "unreadTables",
    (${CHANGED}) as changed
  from (select) one
  left join lateral (
    select pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) as bytes, active, slot_type
    from pg_replication_slots where restart_lsn is not null
    order by 1 desc limit 1) slot on true`;

export const HORIZON = "select pg_snapshot_xmin(pg_current_snapshot())::text as horizon";

/** By the catalogue: it shows also what nobody lets us into. */
export const IS_PREPARED = `
  select count(*) = 2 and exists (select from pg_roles where rolname = 'sla') as "isPrepared"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'hosting_sla' and c.relname in ('heartbeat', 'proof')`;

export const IS_LOGIN = `select rolcanlogin as "isLogin" from pg_roles where rolname = $1`;

/** The statement that sets it: what it names cannot be sent as a value. */
export const SET_PASSWORD =
  "select format('alter role %I password %L', $1::text, $2::text) as text";

export const READ_BEAT = `
  select at, sequence::float8 as sequence from hosting_sla.heartbeat where id = 1`;

export const END_SESSIONS = `select client.pid as id, pg_terminate_backend(client.pid) as ended ${CLIENTS}`;

/** A repeat of the same execution writes again: only a write shows that writing works. */
export const PROVE = `
  insert into hosting_sla.proof (execution, epoch, at) values ($1, $2, clock_timestamp())
  on conflict (execution) do update set epoch = excluded.epoch, at = excluded.at
  returning at`;

export const TABLES = `
  select format('%I.%I', n.nspname, c.relname) as name ${OF_CUSTOMERS}
  order by c.reltuples, 1`;

/** Rows that a policy hides are refused then, not left out in silence. */
export const SHOW_ALL_ROWS = "set row_security = off";

/** Ages, because row versions carry 32 bits of a counter that wraps around. */
const SINCE = "where age(divergent.xmin) <= age($1::text::xid8::xid)";

export const COUNT_SINCE = (table: string) =>
  `select count(*)::float8 as count from only ${table} as divergent ${SINCE}`;

export const ROWS_SINCE = (table: string) =>
  `select to_jsonb(divergent) as row from only ${table} as divergent ${SINCE} limit $2`;
