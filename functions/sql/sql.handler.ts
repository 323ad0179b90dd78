import { secretsHere } from "../aws/secrets.ts";
import { clockFrom } from "../kernel/clock.ts";
import { lambda } from "../kernel/lambda.ts";
import type { SqlRequest } from "./contract.ts";
import { serversOfEngines } from "./engines.ts";
import { handleSql } from "./handle.ts";
import { Logins } from "./logins.ts";

const clock = clockFrom(process.env);
const servers = serversOfEngines(new Logins(secretsHere(clock), clock), clock);

export const handler = lambda((request: SqlRequest) => handleSql(request, servers, clock));
