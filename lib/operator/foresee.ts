import type {
  AcceptableHalt,
  FailoverRequest,
  HaltCode,
} from "../../functions/failover/contract.ts";
import { cooldownOf } from "../../functions/failover/cooldown.ts";
import { lossLimit } from "../../functions/failover/loss-limit.ts";
import { lossBound } from "../../functions/failover/measure.ts";
import { FLAG_OF } from "../../functions/failover/person.ts";
import { isPlanned, tooLate, tooLateWords } from "../../functions/failover/planned.ts";
import type { DatabaseState, Member } from "../../functions/failover/ports.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import type { HeldBack } from "../sla/incident-state.ts";
import type { Plan } from "../sla/plan.ts";
import type { InstanceStatus } from "./instance-status.ts";
import type { Seats } from "./seats.ts";
import { wayBack } from "./way-back.ts";

/** What would halt a failover begun now, as far as is known. */
export interface Foreseen {
  readonly code: HaltCode | AcceptableHalt;
  readonly words: string;
  /** The flag that takes it upon oneself, if there is one, and whether it was given. */
  readonly flag?: string;
  readonly accepted: boolean;
}

export interface Outlook {
  readonly request: FailoverRequest;
  readonly status: InstanceStatus;
  readonly plan: Plan | undefined;
  readonly seats: Seats;
  /** A window of maintenance that holds failovers back now. */
  readonly held?: HeldBack;
  readonly now: Date;
  readonly pacer: Pick<Clock, "paced">;
}

/** The machine judges again when it runs; what only it can find out is not in here. */
export const foreseen = (outlook: Outlook): readonly Foreseen[] =>
  (isPlanned(outlook.request) ? PLANNED : RESCUE).flatMap((look) => look(outlook));

export function locked({ status }: Pick<Outlook, "status">): Foreseen[] {
  const { failover, recovery, instance } = status;
  const holder = failover ?? recovery;
  if (!holder) return [];
  return [
    impossible(
      "HaltLocked",
      `${instance}: ${holder.execution} is running${holder.question ? "; it waits for sla approve" : ""}`,
    ),
  ];
}

function standby({ status, seats, request }: Outlook): Foreseen[] {
  const { instance, roles } = status;
  if (!roles?.standby) {
    if (request.continues) return [];
    return hasMembers(seats)
      ? alone(instance, seats.primary)
      : [impossible("HaltNoStandby", `${instance} has no standby: ${wayBack(status)}`)];
  }
  const { database, region } = roles.standby;
  if (seats.standby === "missing") {
    const words = `${database} does not exist in ${region}: ${wayBack(status)}`;
    return [impossible("HaltNoStandby", words)];
  }
  if (seats.standby === "silent" || request.continues) return [];
  const { source, replication } = seats.standby;
  if (source === undefined) return [impossible("HaltStandbyUnfit", `${database} is no replica`)];
  if (!replication.includes("terminated")) return [];
  return [impossible("HaltStandbyUnfit", `${database}: replication was terminated`)];
}

interface OfCluster {
  readonly primary: DatabaseState & { readonly members: readonly Member[] };
}

/** A cluster of one region: who takes over is another member. */
export const hasMembers = (seats: Pick<Seats, "primary">): seats is OfCluster =>
  typeof seats.primary === "object" && seats.primary.members !== undefined;

function alone(instance: string, { members }: OfCluster["primary"]): Foreseen[] {
  if (members.some(({ isWriter, status }) => !isWriter && status === "available")) return [];
  return [
    impossible("HaltNoMember", `${instance}: no member but the one that writes is available`),
  ];
}

function cooldown({ status: { roles, instance }, request, now, pacer }: Outlook): Foreseen[] {
  if (!roles || request.continues) return [];
  const { byFailover, at, over } = cooldownOf(roles, pacer);
  if (!byFailover || now.getTime() >= over) return [];
  const words = `${instance} was failed over at ${at}; without a person not before ${new Date(over).toISOString()}`;
  return [judgement(request, "HaltCooldown", words)];
}

/** Unless the region is gone: a silent API is all that is known of that here. */
function maintenance({ held, seats, status: { instance }, request }: Outlook): Foreseen[] {
  if (!held || seats.primary === "silent" || request.continues) return [];
  const words = `${instance}: maintenance ${held.window} holds failovers back until ${held.until}`;
  return [judgement(request, "HaltMaintenance", words)];
}

/** By a look that is fresh: an old one says nothing of now. */
export function recovered({
  status: { look, instance },
  request,
}: Pick<Outlook, "status" | "request">): Foreseen[] {
  if (look?.verdict !== "up" || look.late || request.continues) return [];
  const words = `${instance} answers: up at the look of ${look.at}`;
  return [judgement(request, "HaltRecovered", words)];
}

/** What the watch has told of the open incident: its heartbeat advances, or it answers. */
function alive({ status: { incident, look, roles }, request }: Outlook): Foreseen[] {
  if (look?.late || request.continues || !incident?.told.includes("application-down")) return [];
  const words = `${roles?.primary.database} lives, only the application of ${request.instance} is down`;
  return [judgement(request, "HaltStillAlive", words)];
}

function streaming({ request }: Outlook): Foreseen[] {
  if (request.lastSeen?.streaming !== false) return [];
  const words = `${request.instance}: in the last good round the standby was not streaming`;
  return [judgement(request, "HaltNotStreaming", words)];
}

function behind({ status, request, plan, pacer }: Outlook): Foreseen[] {
  const limit = lossLimit(request, plan);
  const beat = status.heartbeat?.at;
  if (!limit || !status.roles?.standby) return [];
  const bound = lossBound({ request, ...(beat !== undefined && { standbyBeat: beat }) });
  if (bound !== undefined && bound * 1000 <= pacer.paced(limit.seconds)) return [];
  const lost =
    bound === undefined
      ? "no heartbeat of the standby is known, so neither is what promoting it loses"
      : `promoting may lose ${Math.ceil((bound * 1000) / pacer.paced(1))} s`;
  const words = `${status.instance}: ${lost}, ${limit.by} ${limit.seconds} s`;
  return [judgement(request, "HaltBehind", words)];
}

/** By a look that is fresh. */
function isDown({ status: { look, instance }, request }: Outlook): Foreseen[] {
  if (look?.verdict !== "down" || look.late || request.continues) return [];
  const words = `${instance} is down at the look of ${look.at}: that is no planned failover`;
  return [impossible("HaltDown", words)];
}

function follows({ status: { redundancy, instance }, request }: Outlook): Foreseen[] {
  if (redundancy !== "not-streaming" || request.continues) return [];
  const words = `${instance}: at the last good look the standby was not streaming`;
  return [impossible("HaltNotStreaming", words)];
}

/** By the heartbeats of the last good look. */
function keepsUp({ status: { roles, instance }, request, plan, pacer }: Outlook): Foreseen[] {
  if (!roles?.standby || request.continues) return [];
  const { primaryBeat, standbyBeat } = request.lastSeen ?? {};
  const late = tooLate(pacer, plan?.watch.everySeconds ?? 60, {
    ...(primaryBeat !== undefined && { primary: primaryBeat }),
    ...(standbyBeat !== undefined && { standby: standbyBeat }),
  });
  if (late === undefined) return [];
  return [impossible("HaltNotDrained", tooLateWords(instance, roles.standby.database, late))];
}

const impossible = (code: HaltCode, words: string): Foreseen => ({ code, words, accepted: false });

export const judgement = (
  request: FailoverRequest,
  code: AcceptableHalt,
  words: string,
): Foreseen => ({
  code,
  words,
  flag: FLAG_OF[code],
  // Beyond a bound that was given nothing is accepted.
  accepted:
    (request.accept?.includes(code) ?? false) &&
    (code !== "HaltBehind" || request.allowLossSeconds === undefined),
});

type Looks = readonly ((outlook: Outlook) => Foreseen[])[];
const RESCUE: Looks = [locked, standby, cooldown, maintenance, recovered, alive, streaming, behind];
const PLANNED: Looks = [locked, standby, isDown, follows, keepsUp];
