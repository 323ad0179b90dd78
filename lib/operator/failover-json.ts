import { lossLimit } from "../../functions/failover/loss-limit.ts";
import { lossBound } from "../../functions/failover/measure.ts";
import type { Seat } from "../sla/roles.ts";
import type { Considered } from "./consider.ts";
import { foreseen, hasMembers } from "./foresee.ts";
import { losesNothing, said } from "./outlook-lines.ts";
import type { Seats } from "./seats.ts";

/**
 * A failover for programs, as `sla failover --json` prints it: `{instance, region, request, epoch?, from?, to?, members?, look?,
 * heartbeat?, lost, silent, halts}`; `from` and `to` `{region, database, app?, status}`, `members` those of a cluster's that may take
 * over, `lost` `{atMostSeconds?, allowedSeconds?, by?}` (`atMostSeconds` is real and absent where nothing bounds it, `allowedSeconds`
 * is the plan's and absent where nothing is promised), each of `halts` `{code, words, flag?, accepted}`. Instants are ISO 8601.
 */
export function failoverJson(considered: Considered) {
  const { status, seats, region, request, silent } = considered;
  const { roles, look, heartbeat } = status;
  return {
    ...{ instance: request.instance, region, request },
    ...(roles && { epoch: roles.epoch, from: flat(roles.primary, seats.primary) }),
    ...(roles?.standby && { to: flat(roles.standby, seats.standby) }),
    ...(hasMembers(seats) && {
      members: seats.primary.members.filter(({ isWriter }) => !isWriter),
    }),
    ...(look && { look }),
    ...(heartbeat && { heartbeat }),
    ...{ lost: lost(considered), silent, halts: foreseen(considered) },
  };
}

const flat = ({ region, database, app }: Seat, seat: Seats["primary"]) => ({
  ...{ region, database },
  ...(app !== undefined && { app }),
  status: said(seat),
});

function lost(considered: Considered) {
  const { request, status, plan } = considered;
  if (losesNothing(considered)) return { atMostSeconds: 0 };
  const beat = status.heartbeat?.at;
  const atMostSeconds = lossBound({ request, ...(beat !== undefined && { standbyBeat: beat }) });
  const limit = lossLimit(request, plan);
  return {
    ...(atMostSeconds !== undefined && { atMostSeconds }),
    ...(limit && { allowedSeconds: limit.seconds, by: limit.by }),
  };
}
