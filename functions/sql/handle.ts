import type { Clock } from "../kernel/clock.ts";
import { inLanes } from "../kernel/lanes.ts";
import type { SqlAnswer, SqlRequest, SqlResult, SqlTarget } from "./contract.ts";
import { failureOf } from "./failure.ts";
import type { Servers, Session } from "./server.ts";
import { TONGUES, type Tongue } from "./tongues.ts";

/** Connections under way at once: each costs the function a TLS handshake and the server a process. */
const LANES = 40;

/** Does one operation on every target. Never rejects for a target: each succeeds or fails by itself. */
export function handleSql(
  request: SqlRequest,
  servers: Servers,
  clock: Clock,
): Promise<SqlAnswer<unknown>> {
  const work = workOf(request, clock);
  return inLanes(LANES, request.targets, (target) => {
    const tongue = TONGUES[target.engine ?? "postgres"];
    return attempt(servers, target, (session) => work(session, tongue, target));
  }).then((results) => ({ results }));
}

type Work = (session: Session, tongue: Tongue, target: SqlTarget) => Promise<unknown>;

function workOf(request: SqlRequest, clock: Clock): Work {
  switch (request.operation) {
    case "beat":
      return (session, tongue) => tongue.beat(session);
    case "read":
      return (session, tongue) => tongue.read(session);
    case "storage":
      return (session, tongue, target) => tongue.storage(session, target);
    case "figures":
      return (session, tongue) => tongue.figures(session);
    case "sever":
      return (session, tongue) => tongue.sever(session, clock);
    case "prove":
      return (session, tongue) => tongue.prove(session, request);
    case "diverge":
      return (session, tongue) => tongue.diverge(session, request, clock);
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
