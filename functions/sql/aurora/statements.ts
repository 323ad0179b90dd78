import { CLIENTS } from "../statements.ts";

/**
 * Aurora refuses to say positions of its log, and a secondary cluster has no WAL receiver: what tells that it follows is the heartbeat, of
 * every look, which comes at least once a minute.
 */
export const READ = `
  select
    clock_timestamp() as now,
    pg_is_in_recovery() as "inRecovery",
    (select count(*)::int ${CLIENTS}) as sessions`;

/** Its storage grows by itself and keeps no log for a secondary cluster: nothing fills. */
export const STORAGE = `
  select
    (select coalesce(sum(pg_database_size(oid)), 0)::float8 from pg_database
      where datallowconn and has_database_privilege(oid, 'CONNECT')) as "databaseBytes",
    0::float8 as "retainedBytes",
    'nobody' as "keptFor",
    0 as "replicaSlots",
    false as "isFetched"`;
