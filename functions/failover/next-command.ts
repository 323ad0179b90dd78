import { type Engine, isBuiltFor } from "../../lib/sla/engine.ts";
import type { Admitted, Begun, Examined, Fenced } from "./case.ts";
import { ACCEPTABLE_HALTS, type AcceptableHalt, type FailoverRequest } from "./contract.ts";
import { folderOf } from "./folder.ts";
import { lossBound } from "./measure.ts";
import { FLAG_OF, flagsOf } from "./person.ts";
import { isPlanned } from "./planned.ts";

/** Of what `sla recover` is not built for. */
export const NO_WAY_BACK =
  "Nothing here brings a cluster back from a backup: docs/runbook.md#a-lost-cluster.";

export interface NextCommand {
  readonly why: string;
  /** To be pasted into a shell with the provider's credentials, in the directory of its fleet. */
  readonly command: string;
}

type Stopped = Fenced | Begun | Admitted | Examined;

/** The exact command for a person who has read why the failover stopped. */
export function nextCommand(
  current: Stopped,
  code: string,
  pacer: { paced(seconds: number): number },
  engine?: Engine,
): NextCommand {
  const { instance, reason } = current.request;
  if (code === "HaltEpoch") {
    return { why: "Nothing of this can go on. What holds now:", command: "npx sla status" };
  }
  if (code === "HaltNoStandby") {
    if (!isBuiltFor(engine, "recover")) {
      return {
        why: `Nobody can be promoted. ${NO_WAY_BACK} What holds now:`,
        command: "npx sla status",
      };
    }
    return {
      why: "Nobody can be promoted. From what it can be brought back, and what would be lost:",
      command: `npx sla recover ${instance} --reason ${quoted(reason)} --dry-run`,
    };
  }
  if (current.request.recovery) return recoverCommand(current, code);
  if (isPlanned(current.request)) return plannedCommand(current, code);
  const parts = [
    `npx sla failover ${instance}`,
    `--reason ${quoted(reason)}`,
    ...("id" in current || current.request.continues ? [`--continue ${folderOf(current)}`] : []),
    ...flagsOf(accepting(current, code, pacer)),
  ];
  return { why: whyOf(instance, code), command: parts.join(" ") };
}

/** Nothing is taken upon oneself in a plan: it is tried again, or given up for a failover of another kind. */
function plannedCommand(current: Stopped, code: string): NextCommand {
  const { instance, reason } = current.request;
  const again = `npx sla failover ${instance} --reason ${quoted(reason)}`;
  if (code === "HaltDown") {
    return {
      why: "It is no planned failover any more. This says what another one would lose:",
      command: `${again} --dry-run`,
    };
  }
  const continues = "fence" in current ? ` --continue ${current.id}` : "";
  return {
    why: "When the cause is gone, this tries it again:",
    command: `${again} --planned${continues}`,
  };
}

/** What was restored stands there, and is found again. */
function recoverCommand(current: Stopped, code: string): NextCommand {
  const { request, execution } = current;
  const { accept = [], allowLossSeconds, recovery, instance, reason } = request;
  const isTaken = isAcceptable(code);
  const parts = [
    `npx sla recover ${instance}`,
    `--reason ${quoted(reason)}`,
    `--to ${execution.split(":")[3]}`,
    ...(recovery?.at === undefined ? [] : [`--at ${recovery.at}`]),
    ...("id" in current || request.continues ? [`--continue ${folderOf(current)}`] : []),
    ...flagsOf({
      ...request,
      accept: isTaken ? [...accept, code] : accept,
      ...(allowLossSeconds !== undefined && { allowLossSeconds }),
    }),
  ];
  const why = isTaken
    ? `If you take ${code} upon you, this goes on in spite of it:`
    : `When the cause is gone, this goes on with the recovery of ${instance}:`;
  return { why, command: parts.join(" ") };
}

/** The request with this halt accepted as well; a loss no further than to what is known to be lost. */
function accepting(
  current: Stopped,
  code: string,
  pacer: { paced(seconds: number): number },
): FailoverRequest {
  const { accept = [], ...request } = current.request;
  if (!isAcceptable(code)) return { ...request, accept };
  const lost = FLAG_OF[code] === "--allow-loss" ? lostSeconds(current, pacer) : undefined;
  return {
    ...request,
    accept: [...accept, code],
    ...(lost !== undefined && { allowLossSeconds: lost }),
  };
}

/** Whole plan seconds, rounded up; undefined if no heartbeat bounds them. */
function lostSeconds(current: Stopped, pacer: { paced(seconds: number): number }) {
  const { request } = current;
  const evidence = "evidence" in current ? current.evidence : undefined;
  const found = evidence?.standby;
  const read = found?.answered ? found.reading.beat?.at : undefined;
  const standbyBeat = read ?? request.lastSeen?.standbyBeat;
  const bound = lossBound({
    request,
    ...(evidence && { evidence }),
    ...(standbyBeat !== undefined && { standbyBeat }),
  });
  return bound === undefined ? undefined : Math.ceil((bound * 1000) / pacer.paced(1));
}

export const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** A person said no, or nobody said yes. */
const UNTOUCHED: ReadonlySet<string> = new Set(["HaltAborted", "HaltRefused", "HaltUnanswered"]);

const isAcceptable = (code: string): code is AcceptableHalt =>
  ACCEPTABLE_HALTS.some((each) => each === code);

function whyOf(instance: string, code: string): string {
  if (isAcceptable(code)) return `If you take ${code} upon you, this goes on in spite of it:`;
  return UNTOUCHED.has(code)
    ? "Nothing was promoted. This takes it up again:"
    : `When the cause is gone, this goes on with the failover of ${instance}:`;
}
