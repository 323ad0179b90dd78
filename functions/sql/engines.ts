import type { Engine } from "../../lib/sla/engine.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Logins } from "./logins.ts";
import { mysqlServers } from "./mysql/driver.ts";
import { PATIENCE, type Patience } from "./patience.ts";
import { postgresServers } from "./postgres.ts";
import type { Servers } from "./server.ts";

/** Real servers of every engine. */
export function serversOfEngines(
  logins: Logins,
  clock: Clock,
  patience: Patience = PATIENCE,
): Servers {
  const postgres = postgresServers(logins, clock, patience);
  const mysql = mysqlServers(logins, clock, patience);
  const byEngine: Readonly<Record<Engine, Servers>> = {
    postgres,
    "aurora-postgresql": postgres,
    "postgres-cluster": postgres,
    mariadb: mysql,
    mysql,
    "aurora-mysql": mysql,
  };
  return {
    use: (target, work) => byEngine[target.engine ?? "postgres"].use(target, work),
  };
}
