import { secretsHere } from "../aws/secrets.ts";
import { clockFrom } from "../kernel/clock.ts";
import { lambda } from "../kernel/lambda.ts";
import type { AdoptRequest } from "./contract.ts";
import { serversOfEngines } from "./engines.ts";
import { attempt } from "./handle.ts";
import { Logins } from "./logins.ts";
import { TONGUES } from "./tongues.ts";

/** Of one statement, on a volume that is still being filled. */
const PATIENCE = { answerSeconds: 20, answerFloorMs: 5000 };

const clock = clockFrom(process.env);
const logins = new Logins(secretsHere(clock), clock);
const servers = serversOfEngines(logins, clock, PATIENCE);

export const handler = lambda(({ target, secrets }: AdoptRequest) =>
  attempt(servers, target, (session) =>
    TONGUES[target.engine ?? "postgres"].adopt(session, secrets, logins),
  ),
);
