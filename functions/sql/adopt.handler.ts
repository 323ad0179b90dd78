import { secretsHere } from "../aws/secrets.ts";
import { clockFrom } from "../kernel/clock.ts";
import { lambda } from "../kernel/lambda.ts";
import { adopt } from "./adopt.ts";
import type { AdoptRequest } from "./contract.ts";
import { attempt } from "./handle.ts";
import { Logins } from "./logins.ts";
import { postgresServers } from "./postgres.ts";

/** Of one statement, on a volume that is still being filled. */
const PATIENCE = { answerSeconds: 20, answerFloorMs: 5000 };

const clock = clockFrom(process.env);
const logins = new Logins(secretsHere(clock), clock);
const servers = postgresServers(logins, clock, PATIENCE);

export const handler = lambda(({ target, secrets }: AdoptRequest) =>
  attempt(servers, target, (session) => adopt(session, secrets, logins)),
);
