import { REPROTECT_MACHINE } from "../../functions/failover/reprotect-contract.ts";
import { RECOVER_MACHINE } from "../../functions/recover/contract.ts";
import type { CloudEvent } from "../local-cloud/event-log.ts";
import { denialText } from "./denials.ts";
import type { TimelineEntry } from "./result.ts";

type Describe = (detail: Readonly<Record<string, unknown>>, event: CloudEvent) => Step | undefined;
type Step = Omit<TimelineEntry, "at">;

/** Which events of the local cloud a person wants to read, and in which words. */
const TELL: Readonly<Record<string, Describe>> = {
  "states:StartExecution": ({ name, error }) =>
    error === undefined ? { step: stepOf(String(name)), detail: `started: ${name}` } : undefined,
  "states:StateEntered": ({ state, machine }) => {
    const name = String(state);
    if (WAITS.test(name)) return undefined;
    return { step: machine === REPROTECT_MACHINE ? "reprotect" : "workflow", detail: name };
  },
  "states:ExecutionSucceeded": ({ machine }) => ({
    step: kindOf(machine),
    detail: "workflow succeeded",
  }),
  "states:ExecutionFailed": ({ machine, error, cause }) => ({
    step: kindOf(machine),
    detail: `workflow failed: ${error} ${String(cause ?? "").slice(0, 160)}`.trim(),
  }),
  "lambda:EnvironmentKilled": ({ function: name, step, moment }) => ({
    step: "function",
    detail: `${name}: its process is killed ${moment}${step === undefined ? "" : `, step ${step}`}`,
  }),
  "rds:StatusChanged": ({ instance, snapshot, from, to }, { region }) => ({
    step: instance === undefined ? "backup" : "database",
    detail: `${instance ?? snapshot} (${region}): ${from === undefined ? "" : `${from} → `}${to}`,
  }),
  "rds:Failed": ({ instance, error }, { region }) => ({
    step: "database",
    detail: `${instance} (${region}): failed: ${String(error).slice(0, 300)}`,
  }),
  "rds:ServerKilled": server("is killed"),
  "rds:ServerRevived": server("runs again"),
  "rds:ServerPaused": server("hangs"),
  "rds:ServerResumed": server("goes on"),
  "rds:ReplicationStopped": server("no log arrives any more"),
  "rds:ServerIsolated": server("no client outside its network gets through"),
  "route53:RecordsChanged": ({ changes }) => ({ step: "dns", detail: describeChanges(changes) }),
  "route53:HealthChanged": ({ healthy }) => ({
    step: "dns",
    detail: healthy ? "STOP check: PRIMARY answers" : "STOP check: SECONDARY answers",
  }),
  "iam:Denied": (detail) => ({ step: "refused", detail: denialText(detail) }),
  "sns:EmailDelivered": ({ to, subject }) => ({ step: "mail", detail: `${to}: ${subject}` }),
};

const KINDS: Readonly<Record<string, string>> = {
  [REPROTECT_MACHINE]: "reprotect",
  [RECOVER_MACHINE]: "recovery",
};
const kindOf = (machine: unknown) => KINDS[String(machine)] ?? "failover";

const PREFIXES: Readonly<Record<string, string>> = { "rp-": "reprotect", "rc-": "recovery" };
const stepOf = (execution: string) => PREFIXES[execution.slice(0, 3)] ?? "failover";

/** A new standby and a restore are waited for in rounds: they are no news. */
const WAITS = /Later$/;

/** What became of a machine without anybody asking RDS. */
function server(what: string): Describe {
  return ({ instance }, { region }) => ({
    step: "server",
    detail: `${instance} (${region}): ${what}`,
  });
}

interface RecordChange {
  readonly name: string;
  readonly after?: {
    readonly Failover?: string;
    readonly ResourceRecords?: readonly { readonly Value?: string }[];
  };
}

/** Stations of the drill itself, told between the events of the cloud. */
export const station = (at: number, step: string, detail: string): TimelineEntry => ({
  at: new Date(at).toISOString(),
  step,
  detail,
});

/** One line for an event worth telling, undefined for the rest. */
export function tellEvent(event: CloudEvent): TimelineEntry | undefined {
  const told = TELL[`${event.service}:${event.operation}`]?.(event.detail, event);
  return told && { at: new Date(event.at).toISOString(), ...told };
}

function describeChanges(changes: unknown): string {
  if (!Array.isArray(changes)) return "records changed";
  const byName = Map.groupBy(changes as readonly RecordChange[], ({ name }) => bare(name));
  return [...byName].map(([name, all]) => `${name} → ${targetsOf(all)}`).join(", ");
}

/** Of a pair that leads to one place that place, else which of both leads where. */
function targetsOf(changes: readonly RecordChange[]): string {
  const targets = changes.map(({ after }) => after?.ResourceRecords?.[0]?.Value ?? "gone");
  const [first] = targets;
  const [lone] = changes;
  if (new Set(targets).size > 1) {
    const all = changes.map(({ after }, index) => `${after?.Failover} ${targets[index]}`);
    return all.join(" and ");
  }
  const isHalf = changes.length === 1 && lone?.after?.Failover === "SECONDARY";
  return isHalf ? `SECONDARY ${first}` : String(first);
}

const bare = (name: string) => name.replace(/\.$/, "");
