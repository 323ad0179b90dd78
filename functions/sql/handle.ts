import type { Clock } from "../kernel/clock.ts";
import { inLanes } from "../kernel/lanes.ts";
import type { SqlAnswer, SqlRequest, SqlResult, SqlTarget } from "./contract.ts";
import { diverge } from "./diverge.ts";
import { failureOf } from "./failure.ts";
import { figures } from "./figures.ts";
import { beat, prove, read, sever, storage } from "./operations.ts";
import type { Servers, Session } from "./server.ts";

/** Connections under way at once: each costs the function a TLS handshake and the server a process. */
const LANES = 40;

/** Does one operation on every target. Never rejects for a target: each succeeds or fails by itself. */
export function handleSql(
  request: SqlRequest,
  servers: Servers,
  clock: Clock,
): Promise<SqlAnswer<unknown>> {
  const work = workOf(request, clock);
  return inLanes(LANES, request.targets, (target) => attempt(servers, target, work)).then(
    (results) => ({ results }),
  );
}

type Work = (session: Session) => Promise<unknown>;

function workOf(request: SqlRequest, clock: Clock): Work {
  switch (request.operation) {
    case "beat":
      return beat;
    case "read":
      return read;
    case "storage":
      return storage;
    case "figures":
      return figures;
    case "sever":
      return (session) => sever(session, clock);
    case "prove":
      return (session) => prove(session, request);
    case "diverge":
      return (session) => diverge(session, request, clock);
    default:
      return request satisfies never;
  }
}

export async function attempt<T>(
  servers: Servers,
  target: SqlTarget,
  work: (session: Session) => Promise<T>,
): Promise<SqlResult<T>> {
  const { instance } = target;
  try {
    return { instance, ok: true, value: await servers.use(target, work) };
  } catch (cause) {
    return { instance, ok: false, failure: failureOf(cause) };
  }
}
