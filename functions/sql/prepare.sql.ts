/**
 * What a database needs before it can be watched. Run once, on the primary and in the database named in
 * the fleet, as the master user (an operator, or the drill); running it again changes nothing. The role's
 * password is set apart (`alter role sla password '…'`) and kept in the instance's secret.
 */
export const PREPARE_SQL = `
do $$ begin
  if not exists (select from pg_roles where rolname = 'sla') then
    create role sla login;
  end if;
end $$;

grant pg_monitor, pg_signal_backend to sla;

create schema if not exists hosting_sla;

create table if not exists hosting_sla.heartbeat (
  id int primary key check (id = 1),
  at timestamptz not null,
  sequence bigint not null
);

create table if not exists hosting_sla.proof (
  execution text primary key,
  epoch bigint not null,
  at timestamptz not null
);

grant usage on schema hosting_sla to sla;
grant select, insert, update on hosting_sla.heartbeat, hosting_sla.proof to sla;
`;
