import { formatDuration } from "../sla/duration.ts";
import { isStarved } from "./machine.ts";
import { type DrillResult, isServedAgain, type Outcome, type TimelineEntry } from "./result.ts";

/** `5.11 s`, `30m`; a dash where nothing was promised or measured. */
export function span(seconds: number | null): string {
  if (seconds === null) return "—";
  return Math.abs(seconds) < 60 ? `${+seconds.toFixed(2)} s` : formatDuration(seconds);
}

/** `+1.25 s` */
export const offset = (ms: number) => `${ms < 0 ? "−" : "+"}${(Math.abs(ms) / 1000).toFixed(2)} s`;

/** The promised RPO divided by the pace, as the verdict compares it. */
export const rpoLimitOf = ({ promised: { rpoSeconds }, pace }: DrillResult) =>
  rpoSeconds === null ? null : rpoSeconds / pace;

/** `7 by aws-cdk 2.1148.1, bootstrapped in 41 s, deployed in 3m`; nothing where they were read from disk. */
export function deploymentWords({ deployment }: DrillResult): string {
  if (!deployment) return "";
  const { by, stacks, bootstrapSeconds, deploySeconds } = deployment;
  return `${stacks.length} by ${by}, bootstrapped in ${span(bootstrapSeconds)}, deployed in ${span(deploySeconds)}`;
}

/** What a state of the failover machine does; other details speak for themselves. */
const STATES: Readonly<Record<string, string>> = {
  Restore: "RDS is asked to restore a copy",
  Available: "the restored database comes up",
  Open: "its network and parameters, away from clients",
  Adopt: "logins of now, for an old copy holds old ones",
  Examine: "is it what was asked for, and whole?",
  Admit: "lock, epoch, cool-down, a second look",
  Evidence: "last heartbeat and WAL positions kept",
  Preflight: "is the standby fit to be promoted?",
  Approve: "may it go on? asks a person where the fleet says so",
  AdmitAgain: "still down, still nobody else's?",
  Fence: "old primary into quarantine, its sessions cut",
  Drain: "standby replays what it has received",
  Promote: "RDS is asked to promote the standby",
  Gate: "is it a primary? ends with a proof write",
  Roles: "next epoch: the standby is the primary",
  Flip: "DNS records to the new primary",
  Prove: "every DNS server and vantage agrees?",
  Record: "RTO, RPO and evidence into the ledger",
  Unfence: "stopped before the promotion: fence off again",
  Halted: "stopped: waits for a person",
};

/** `Fence: old primary into quarantine, …` */
export function explain({ step, detail }: TimelineEntry): string {
  const words = step === "workflow" ? STATES[detail] : undefined;
  return words === undefined ? detail : `${detail}: ${words}`;
}

export interface Story {
  readonly happened: string;
  readonly means: string;
  readonly next: string;
}

/** A run in three sentences for somebody who was asleep a minute ago. */
export const storyOf = (result: DrillResult): Story => ({
  happened: [
    `${faultOf(result)}.`,
    outcomeOf(result),
    ...returnOf(result),
    ...wayHome(result),
  ].join(" "),
  means: result.ok ? meaningOf(result) : failureOf(result),
  next: result.ok ? nextAfterSuccess(result) : nextAfterFailure(result),
});

/** `backup sla-acme-… of 2026-11-21T20:59:30.000Z, as acme-db-slar1 in eu-west-1`; nothing where nobody restored. */
export function restoredWords({ recovery }: DrillResult): string {
  if (!recovery) return "";
  const { from, at, database, region } = recovery;
  return from === null ? "nothing" : `${from} of ${at}, as ${database} in ${region}`;
}

/** What became of the old primary: how it was fenced, and what it took before that where its region came back. */
export function fenceWords({ instance, instances, fence, writes }: DrillResult): string {
  const own = instances?.find((each) => each.instance === instance);
  if (own === undefined) return fence;
  if (own.fencePaidSeconds === null) return `${fence}, not paid`;
  const { acknowledgedByOldPrimaryAfterPromotion: late, divergentExported = 0 } = writes;
  return `${fence}, paid ${span(own.fencePaidSeconds)} after the region's return; ${divergentExported} of ${late} rows it took meanwhile exported`;
}

/** What followed the return of a lost region, in one sentence. */
function returnOf({ instances }: DrillResult): string[] {
  if (!instances) return [];
  const paid = instances.flatMap(({ fencePaidSeconds }) => fencePaidSeconds ?? []);
  if (paid.length < instances.length) {
    return [
      `When the region came back, ${instances.length - paid.length} of ${instances.length} old primaries were not fenced.`,
    ];
  }
  const late = sumOf(instances, ({ writes }) => writes.acknowledgedByOldPrimaryAfterPromotion);
  const found = sumOf(instances, ({ writes }) => writes.divergentExported ?? 0);
  return [
    `When the region came back, all old primaries were fenced within ${span(Math.max(...paid))}; of ${late} rows they took until then ${found} were found and exported.`,
  ];
}

const sumOf = (
  instances: NonNullable<DrillResult["instances"]>,
  count: (instance: NonNullable<DrillResult["instances"]>[number]) => number,
) => instances.reduce((sum, each) => sum + count(each), 0);

/** What came of the way home, in one sentence; none if nobody took it. */
function wayHome({ failback }: DrillResult): string[] {
  if (!failback) return [];
  const { seconds, heldSeconds, rpoRows, rows, failure } = failback;
  if (seconds === null)
    return [`The way home was not taken: ${failure ?? "no client wrote there"}.`];
  return [
    `A new standby streamed, and a planned failback led home: writes were held for ${span(heldSeconds)}, ${rpoRows} of ${rows} rows are missing.`,
  ];
}

/** What broke, and what was gone besides. */
function faultOf({ timeline, instance, fault }: DrillResult): string {
  const told = timeline.flatMap(({ step, detail }) => (step === "fault" ? [detail] : []));
  return told.length === 0 ? `${instance}: ${fault}` : told.join("; ");
}

/** `kill`, `kill without sns`: names a run among others. */
export const runName = ({ fault, without }: Pick<DrillResult, "fault" | "without">): string =>
  without.length === 0 ? fault : `${fault} without ${without.join(", ")}`;

/** In a few words, for the head of a report. A halt keeps no RTO, but no data are lost by it either. */
export function verdictOf(results: readonly DrillResult[]): string {
  if (results.some(({ ok }) => !ok)) return "the promise did not hold";
  const halts = results.some(({ expected }) => expected === "halt");
  return halts ? "what had to happen happened" : "the promise held";
}

function outcomeOf(result: DrillResult): string {
  const { expected, measured, writes, promoted, dns, mails, halt } = result;
  const { rtoSeconds, observedSeconds } = measured;
  const rows = `${writes.lost} of ${writes.acknowledged} acknowledged rows are missing`;
  if (rtoSeconds !== null) {
    return `Clients wrote again after ${span(rtoSeconds)}, on ${whatServes(result)}; ${rows}.`;
  }
  if (isServedAgain(expected)) {
    return `No client wrote again in the ${span(observedSeconds)} that the run watched.`;
  }
  const stop = halt === null ? "" : `the failover stopped at ${halt.code}, `;
  const moved = promoted ? "the standby was promoted" : "nothing was promoted";
  const names = dns.before === dns.after ? "DNS stayed" : "DNS moved";
  return `In ${span(observedSeconds)} ${stop}${moved}, ${names}, ${mails.length} mails left.`;
}

const whatServes = ({ recovery, writes }: DrillResult) => {
  if (!recovery) return "the promoted standby";
  const given = writes.givenUp === undefined ? "" : `, ${writes.givenUp} later rows given up`;
  return `what a person had restored from ${recovery.from}${given}`;
};

function meaningOf(result: DrillResult): string {
  const { expected, deadlineSeconds, measured, promised, pace, halt } = result;
  if (expected === "nothing") return "It is no incident: nobody was woken and nothing moved.";
  if (expected === "halt") {
    return `Promoting would have lost ${halt?.rowsAtStake} acknowledged rows, more than the plan allows: that is left to a person, who was told the exact next command.`;
  }
  if (expected === "alert") return "People were told and nothing moved, as this fault wants it.";
  if (deadlineSeconds === null) return "This plan promises no RTO; everything else held.";
  const spare = span(deadlineSeconds - (measured.rtoSeconds ?? 0));
  const here = pace === 1 ? "" : ` (${span(deadlineSeconds)} at pace ${pace})`;
  return `The promised RTO of ${span(promised.rtoSeconds)}${here} is kept with ${spare} to spare.`;
}

function failureOf({ checks }: DrillResult): string {
  const failed = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  return `${failed.length} of ${checks.length} things that must hold do not: ${failed.join("; ")}.`;
}

const NEXT: Partial<Record<Outcome, string>> = {
  failover:
    "Nothing to repair. RDS needs minutes for what took milliseconds here: sla check counts them.",
  recovery:
    "Nothing to repair. How long RDS restores your data, sla restore-test ID --last says; in earnest the old databases stay in quarantine until sla retire.",
  halt: "In earnest the RTO runs on until somebody decides: docs/runbook.md#failover-halted says how.",
};

function nextAfterSuccess({ expected, debts }: DrillResult): string {
  if (debts.length === 0) return NEXT[expected] ?? "Nothing to repair.";
  return `Owed when the run ended: ${debts.join(", ")}. docs/runbook.md says under fence-debts who pays it.`;
}

function nextAfterFailure({ timeline, machine, pace }: DrillResult): string {
  const texts = timeline.map(({ detail }) => detail).join("\n");
  const [halt] = /\bHalt[A-Z]\w+/.exec(texts) ?? [];
  const look = halt === undefined ? "" : `Look up ${halt} in docs/runbook.md. `;
  const starved = isStarved(machine)
    ? `This machine was starved, its seconds count ${pace}-fold: run again when it is quiet, or with --pace ${Math.ceil(pace / 2)}. `
    : "";
  return `${look}${starved}Read the timeline from the last line that went well; run again with --keep to keep databases, mails and logs.`;
}
