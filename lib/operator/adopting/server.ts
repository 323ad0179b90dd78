import type { Clock } from "../../../functions/kernel/clock.ts";
import type { Engine } from "../../sla/engine.ts";
import { mysqlServer } from "./mysql-server.ts";
import type { Server } from "./ports.ts";
import { postgresServer } from "./postgres-server.ts";
import type { Through } from "./reach.ts";

/** A primary of any engine. */
export function primaryServer(clock: Clock, through?: Through): Server {
  const postgres = postgresServer(clock, through);
  const mysql = mysqlServer("mysql", clock, through);
  const byEngine: Readonly<Record<Engine, Server>> = {
    postgres,
    "aurora-postgresql": postgres,
    "postgres-cluster": postgres,
    mariadb: mysqlServer("mariadb", clock, through),
    mysql,
    "aurora-mysql": mysql,
  };
  return {
    look: (target, login) => byEngine[target.engine].look(target, login),
    prepare: (target, master, wish) => byEngine[target.engine].prepare(target, master, wish),
    forget: (target, master, username) => byEngine[target.engine].forget(target, master, username),
  };
}
