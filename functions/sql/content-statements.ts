/** Schemas of customers and of ours; those of a session go with it. */
const PERMANENT = `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'`;

/** Expressions are printed with the schemas of all that is not found without. */
export const WITH_ALL_SCHEMAS = "set local search_path = pg_catalog";

/** The same wherever the same was defined, in whatever order. */
export const SCHEMA = `
  select md5(coalesce(string_agg(line, e'\\n' order by line collate "C"), '')) as schema from (
    select format('%I.%I.%I %s %s', n.nspname, c.relname, a.attname,
                  format_type(a.atttypid, a.atttypmod), a.attnotnull) as line
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm') and ${PERMANENT}
    union all
    select pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    where ${PERMANENT}
    union all
    select format('%I.%I %s', n.nspname, k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where ${PERMANENT}) lines`;

const TABLES_OF_ROWS = `
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and c.relpersistence = 'p' and ${PERMANENT}`;

/**
 * As many rows a block as at the last ANALYZE, by as many blocks as there are: what the planner takes. Rows that were changed since may all
 * have been deleted, and leave their blocks behind: so many are there at least.
 */
export const ESTIMATES = `
  select format('%I.%I', n.nspname, c.relname) as table,
    greatest(0, (case when c.relpages = 0 then c.reltuples
      else c.reltuples / c.relpages * (pg_relation_size(c.oid) / current_setting('block_size')::int) end)
      - coalesce(pg_stat_get_mod_since_analyze(c.oid), 0))::float8 as rows
  ${TABLES_OF_ROWS} and c.reltuples >= 0`;

/** Of customers: the others are the server's own, or RDS's. */
export const OTHER_DATABASES = `
  select datname::text as name from pg_database
  where datallowconn and not datistemplate and datname not in (current_database(), 'postgres', 'rdsadmin')
  order by 1`;

export const VERSION =
  "select current_setting('server_version') as version, clock_timestamp() as now";

/** Beside each what holds its long values: in most databases of customers that is the larger part. */
export const TABLES_WITH_BLOCKS = `
  select format('%I.%I', n.nspname, c.relname) as table, c.oid::text as oid, c.reltoastrelid::text as toast,
    (pg_relation_size(c.oid) / current_setting('block_size')::int)::float8 as blocks,
    coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)) / current_setting('block_size')::int, 0)::float8
      as "toastBlocks",
    exists (select from pg_depend d
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') as "isOfExtension"
  ${TABLES_OF_ROWS}
  order by format('%I.%I', n.nspname, c.relname) collate "C"`;

/**
 * Whoever owns tables may have shut the master out of them. It may join nearly all roles, none of RDS's own; what it cannot read after that
 * is told table by table.
 */
const JOIN_OWNERS = `
  do $$
  declare owner name;
  begin
    for owner in
      select distinct r.rolname
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
      where c.relkind in ('r', 'm') and ${PERMANENT} and not pg_has_role(r.oid, 'USAGE')
    loop
      begin
        execute format('grant %I to current_user', owner);
      exception when others then
        null;
      end;
    end loop;
  end $$`;

/** An old one, of before an upgrade, checks no tables. */
const RENEW_CHECKER = `
  do $$ begin
    if exists (select from pg_available_extensions where name = 'amcheck' and installed_version <> default_version) then
      alter extension amcheck update;
    end if;
  end $$`;

/** On RDS the master may create it; it is gone with the database. */
const CHECKER = "create extension if not exists amcheck";

/** Of every session: what a fence, or a customer, has set for all of them must not hinder it, nor hide rows without a word. */
export const SETTINGS = [
  "set default_transaction_read_only = off",
  "set row_security = off",
] as const;

export const PREPARATION = [JOIN_OWNERS, CHECKER, RENEW_CHECKER] as const;

/** Wherever somebody has put it. */
export const FIND_CHECKER = `
  select set_config('search_path', format('pg_catalog, %I', n.nspname), false)
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'amcheck'`;

/** From block $1 to before block $2. */
export const COUNT_BLOCKS = (table: string) => `
  select count(*)::float8 as rows from only ${table}
  where ctid >= format('(%s,0)', $1::bigint)::tid and ctid < format('(%s,0)', $2::bigint)::tid`;

/** Likewise: the same for the same rows, in whatever order; a whole number as text. */
export const SUM_BLOCKS = (table: string) => `
  select coalesce(sum(hashtextextended(summed::text, 0)::numeric), 0)::text as sum from only ${table} as summed
  where ctid >= format('(%s,0)', $1::bigint)::tid and ctid < format('(%s,0)', $2::bigint)::tid`;

/** From block $2 to block $3, which is included. By number: names of what holds long values are closed to all but superusers. */
export const DAMAGE = `
  select format('block %s: %s', blkno, msg) as problem
  from verify_heapam($1::oid::regclass, startblock => $2::bigint, endblock => $3::bigint) limit 5`;

/** Of $1 and of what holds its long values, $3; those after $2 by name; an index that is not valid is no index yet. */
export const INDEXES = `
  select format('%I.%I', n.nspname, c.relname) as index, c.oid::text as oid
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_am a on a.oid = c.relam
  where i.indrelid in ($1::oid, $3::oid) and a.amname = 'btree' and i.indisvalid
    and format('%I.%I', n.nspname, c.relname) collate "C" > $2
  order by format('%I.%I', n.nspname, c.relname) collate "C"`;

export const CHECK_INDEX = "select bt_index_check($1::oid::regclass)";
