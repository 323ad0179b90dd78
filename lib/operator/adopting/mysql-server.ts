import type { Clock } from "../../../functions/kernel/clock.ts";
import { type Dialect, MARIADB, MYSQL } from "../../../functions/sql/mysql/dialect.ts";
import { mysqlSession, openMysql } from "../../../functions/sql/mysql/driver.ts";
import {
  FORGET_STATEMENTS,
  GRANTS,
  type MysqlEngine,
  mayAll,
  prepareStatements,
  TABLES_NEEDED,
  TABLES_THERE,
} from "../../../functions/sql/mysql/prepare.sql.ts";
import { follows, type ReplicaRow } from "../../../functions/sql/mysql/replica.ts";
import type { Session } from "../../../functions/sql/server.ts";
import type { Login, Server, Target } from "./ports.ts";
import { connectWithinMs, PATIENT, refusedOf, type Through } from "./reach.ts";

const DIALECTS: Readonly<Record<MysqlEngine, Dialect>> = { mariadb: MARIADB, mysql: MYSQL };

/** Whose log a primary fetches or applies, that RDS calls no replica. */
async function feederOf(session: Session, dialect: Dialect): Promise<string | undefined> {
  const [row] = await session.query<ReplicaRow>(dialect.replica);
  return row && follows(row, false, dialect) ? String(row[dialect.columns.source]) : undefined;
}

/** A primary of MariaDB or MySQL. Rows of an old primary are counted by its log: nobody has to read them. */
export function mysqlServer(engine: MysqlEngine, clock: Clock, through?: Through): Server {
  const way = { clock, connectMs: connectWithinMs(clock), ...(through && { through }) };
  const working = async <T>(
    target: Target,
    login: Login,
    work: (session: Session) => Promise<T>,
  ) => {
    const connection = await openMysql(target, login, way);
    try {
      return await work(mysqlSession(connection, clock, PATIENT));
    } finally {
      connection.destroy();
    }
  };
  const running = (target: Target, master: Login, statements: readonly string[]) =>
    working(target, master, async (session) => {
      for (const text of statements) await session.query(text);
      return undefined;
    }).catch(refusedOf);
  return {
    look: (target, login) =>
      working(target, login, async (session) => {
        const grants = await session.query<Readonly<Record<string, string>>>(GRANTS);
        const [tables] = await session.query<{ found: number | string }>(TABLES_THERE);
        const isPrepared =
          Number(tables?.found) === TABLES_NEEDED &&
          mayAll(
            engine,
            grants.flatMap((row) => Object.values(row)),
          );
        if (!isPrepared) return { is: "bare" } as const;
        const from = await feederOf(session, DIALECTS[engine]);
        return from === undefined
          ? ({ is: "prepared", readsRows: false } as const)
          : ({ is: "fed", from } as const);
      }).catch(refusedOf),

    prepare: (target, master, { login }) =>
      running(target, master, prepareStatements(engine, login)),

    forget: (target, master) => running(target, master, FORGET_STATEMENTS),
  };
}
