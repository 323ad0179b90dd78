import type { Engine } from "../../lib/sla/engine.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Logins } from "./logins.ts";
import { mysqlServers } from "./mysql/driver.ts";
import { postgresServers } from "./postgres.ts";
import type { Servers } from "./server.ts";

/** Real servers of every engine. */
export function serversOfEngines(logins: Logins, clock: Clock): Servers {
  const mysql = mysqlServers(logins, clock);
  const byEngine: Readonly<Record<Engine, Servers>> = {
    postgres: postgresServers(logins, clock),
    mariadb: mysql,
    mysql,
  };
  return {
    use: (target, work) => byEngine[target.engine ?? "postgres"].use(target, work),
  };
}
