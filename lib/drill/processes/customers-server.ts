import type { Engine } from "../../sla/engine.ts";
import { mariadbServer } from "./customers-mariadb.ts";
import { postgresServer } from "./customers-postgres.ts";

/** The database of a customer as its application reaches it: by a name, with an ordinary connection pool. */
export interface CustomersServer {
  /** Resolves with the address of the server that committed the row. */
  addRow(id: number): Promise<string>;
  /** Counts a visit at a site; resolves with how many there were. */
  visit(site: string): Promise<number>;
  end(): Promise<void>;
}

export interface Opening {
  readonly engine: Engine;
  readonly host: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Connections at once. */
  readonly most: number;
  /** How long a connection, and an answer, are waited for, milliseconds. */
  readonly patienceMs: number;
}

export const customersServer = ({ engine, ...opening }: Opening): CustomersServer =>
  engine === "postgres" ? postgresServer(opening) : mariadbServer(opening);
