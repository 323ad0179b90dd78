import { secretsHere } from "../aws/secrets.ts";
import { clockFrom } from "../kernel/clock.ts";
import { lambda } from "../kernel/lambda.ts";
import type { ContentRequest } from "./contract.ts";
import { serversOfEngines } from "./engines.ts";
import { attempt } from "./handle.ts";
import { Logins } from "./logins.ts";
import { TONGUES } from "./tongues.ts";

/** Of one statement: a gigabyte of a volume that has just been restored, or a whole index. */
const PATIENCE = { answerSeconds: 300, answerFloorMs: 30_000 };

const clock = clockFrom(process.env);
const servers = serversOfEngines(new Logins(secretsHere(clock), clock), clock, PATIENCE);

export const handler = lambda(({ target, ...request }: ContentRequest) =>
  attempt(servers, target, (session) =>
    TONGUES[target.engine ?? "postgres"].content(session, request, clock),
  ),
);
