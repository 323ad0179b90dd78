import { only } from "../rows.ts";
import type { Session } from "../server.ts";
import { type Held, mariadbBeyond, mysqlCount, numberedIn } from "./transactions.ts";

/** What MariaDB and MySQL say differently. */
export interface Dialect {
  /** Answers a row on a replica, none elsewhere. */
  readonly replica: string;
  /** Columns of that row: names of files with positions in them, in the log of the primary. */
  readonly columns: {
    /** Host of the primary. */
    readonly source: string;
    readonly receivedFile: string;
    readonly received: string;
    readonly appliedFile: string;
    readonly applied: string;
    readonly fetches: string;
    readonly applies: string;
    readonly unappliedLog: string;
  };
  /** Where the log of a server ends: the first of them that it understands. */
  readonly ownLog: readonly string[];
  /** Which transactions a replica has applied, and any other server has written, as `Held`. */
  readonly applied: string;
  readonly written: string;
  /** How many it has written beside those of a horizon. */
  beyond(session: Session, horizon: string): Promise<number | undefined>;
  /** Bytes of all tables, as `bytes`. */
  readonly size: string;
  /** Settings by which estimates of rows are those of now. */
  readonly fresh: readonly string[];
  /** Settings by which no statement takes longer than so many seconds. */
  limit(seconds: number): readonly string[];
  /** Tables of more bytes are not checked: nothing would end it in time. */
  readonly checkedBytes: number;
}

const MARIADB_WRITTEN = "select @@global.gtid_binlog_pos as held";
const MYSQL_EXECUTED = "select @@global.gtid_executed as held, @@global.gtid_mode as mode";

/** 10.5 and later. */
export const MARIADB: Dialect = {
  replica: "show slave status",
  columns: {
    source: "Master_Host",
    receivedFile: "Master_Log_File",
    received: "Read_Master_Log_Pos",
    appliedFile: "Relay_Master_Log_File",
    applied: "Exec_Master_Log_Pos",
    fetches: "Slave_IO_Running",
    applies: "Slave_SQL_Running",
    unappliedLog: "Relay_Log_Space",
  },
  ownLog: ["show master status"],
  applied: "select @@global.gtid_slave_pos as held",
  written: MARIADB_WRITTEN,
  async beyond(session, horizon) {
    const { held } = only(await session.query<{ held: string }>(MARIADB_WRITTEN));
    return mariadbBeyond(held, horizon);
  },
  size: `select coalesce(sum(file_size), 0) as bytes from information_schema.innodb_sys_tablespaces`,
  fresh: [],
  limit: (seconds) => [`set session max_statement_time = ${seconds}`],
  checkedBytes: Number.POSITIVE_INFINITY,
};

/** 8.0.22 and later. */
export const MYSQL: Dialect = {
  replica: "show replica status",
  columns: {
    source: "Source_Host",
    receivedFile: "Source_Log_File",
    received: "Read_Source_Log_Pos",
    appliedFile: "Relay_Source_Log_File",
    applied: "Exec_Source_Log_Pos",
    fetches: "Replica_IO_Running",
    applies: "Replica_SQL_Running",
    unappliedLog: "Relay_Log_Space",
  },
  // The first since 8.2, the second until 8.3.
  ownLog: ["show binary log status", "show master status"],
  applied: MYSQL_EXECUTED,
  written: MYSQL_EXECUTED,
  async beyond(session, horizon) {
    const text =
      "select gtid_subtract(@@global.gtid_executed, ?) as rest, @@global.gtid_executed as held, @@global.gtid_mode as mode";
    const { rest, ...said } = only(await session.query<Held & { rest: string }>(text, [horizon]));
    return numberedIn(said) === "" ? undefined : mysqlCount(rest);
  },
  size: `select coalesce(sum(file_size), 0) as bytes from information_schema.innodb_tablespaces`,
  fresh: ["set session information_schema_stats_expiry = 0"],
  limit: (seconds) => [`set session max_execution_time = ${Math.ceil(seconds * 1000)}`],
  // Its limit is one of reading statements only.
  checkedBytes: 2 * 1024 ** 3,
};
