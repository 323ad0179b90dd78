import type { Engine } from "../../sla/engine.ts";

/** The client programs of an engine: which variables tell them who may make roles, and what takes ours away by hand. */
interface ClientWords {
  readonly user: string;
  readonly password: string;
  readonly program: string;
  forget(username: string): string;
}

const POSTGRES: ClientWords = {
  ...{ user: "PGUSER", password: "PGPASSWORD", program: "psql" },
  forget: (username) =>
    `psql … -c 'drop schema hosting_sla cascade' -c 'drop owned by ${username}' -c 'drop role ${username}'`,
};

const mysqlClient = (program: string): ClientWords => ({
  ...{ user: "MYSQL_USER", password: "MYSQL_PWD", program },
  forget: (username) => `${program} … -e "drop database hosting_sla; drop user '${username}'@'%'"`,
});

export const CLIENTS: Readonly<Record<Engine, ClientWords>> = {
  postgres: POSTGRES,
  "aurora-postgresql": POSTGRES,
  "postgres-cluster": POSTGRES,
  mariadb: mysqlClient("mariadb"),
  mysql: mysqlClient("mysql"),
  "aurora-mysql": mysqlClient("mysql"),
};
