import type { Engine } from "../../lib/local-cloud/rds/engine.ts";
import { postgresEngine } from "../../lib/local-cloud/rds/postgres-engine.ts";

const nothing = async () => undefined;

/** What RDS runs where forty pairs of real servers do not fit: nothing. Whatever its API says of them is as always. */
const STAND_IN: Partial<Engine> = {
  ...{ create: nothing, replicate: nothing, promote: nothing, forget: nothing },
  changePassword: nothing,
};

/** For this process, which is a bench and nothing else. */
export function withoutServers(): void {
  Object.assign(postgresEngine, STAND_IN);
}
