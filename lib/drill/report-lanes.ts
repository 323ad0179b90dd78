import { type Phase, phasesOf } from "./report-phases.ts";
import type { DrillResult, TimelineEntry } from "./result.ts";

/**
 * How a stretch is drawn: a configured wait, work that takes what it takes, something that did not answer,
 * a workflow that stopped, or nothing but looking on.
 */
export type LaneKind = "wait" | "work" | "gone" | "stopped" | "watch";

/** One row of the chart: a stretch of time. Milliseconds after the fault. */
export interface Lane {
  readonly name: string;
  readonly kind: LaneKind;
  readonly fromMs: number;
  readonly toMs: number;
}

/** One row of moments. */
export interface Moments {
  readonly name: string;
  readonly atMs: readonly number[];
}

export interface Chart {
  /** How far the chart reaches, in milliseconds after the fault. */
  readonly endMs: number;
  readonly lanes: readonly Lane[];
  readonly moments: readonly Moments[];
  /** The divided RTO, if the chart reaches it. */
  readonly deadlineMs?: number;
}

/** Beyond the first write a recovery is only looked at for so much longer. */
const ROOM = 1.4;

/** What the chart of a run shows. */
export function chartOf(result: DrillResult): Chart {
  const { timeline, measured, deadlineSeconds, instances, failback } = result;
  const zero = Date.parse(timeline.find(({ step }) => step === "fault")?.at ?? "");
  const after = ({ at }: TimelineEntry) => Date.parse(at) - zero;
  const phases = phasesOf(timeline).map(laneOf);
  const lastMs = Math.max(measured.observedSeconds * 1000, ...timeline.map(after));
  const writesMs = phases.at(-1)?.toMs;
  const further = [...regionLanes(result, after), ...wayHome(result, after)];
  // What follows the recovery belongs to these runs: they are drawn to their end.
  const whole = writesMs === undefined || instances !== undefined || failback !== undefined;
  const endMs = whole ? lastMs : Math.min(lastMs, writesMs * ROOM);
  const within = (moments: Moments) => ({
    ...moments,
    atMs: moments.atMs.filter((ms) => ms <= endMs),
  });
  const deadlineMs = deadlineSeconds === null ? undefined : deadlineSeconds * 1000;
  return {
    endMs,
    lanes: [
      ...absences(timeline, after, endMs),
      ...(phases.length > 0 ? phases : withoutRecovery(timeline, after, endMs)),
      ...further,
    ],
    moments: MOMENTS.map(({ name, is }) => ({ name, atMs: timeline.filter(is).map(after) }))
      .map(within)
      .filter(({ atMs }) => atMs.length > 0),
    ...(deadlineMs !== undefined && deadlineMs <= endMs && { deadlineMs }),
  };
}

const laneOf = ({ name, kind, fromMs, ms }: Phase): Lane => ({
  name,
  kind,
  fromMs,
  toMs: fromMs + ms,
});

const MOMENTS: readonly { name: string; is: (entry: TimelineEntry) => boolean }[] = [
  {
    name: "servers and databases change",
    is: ({ step }) => step === "server" || step === "database",
  },
  { name: "functions die", is: ({ step }) => step === "function" },
  { name: "DNS changes", is: ({ step }) => step === "dns" },
  { name: "clients write again", is: ({ step }) => step === "service" },
  { name: "mails leave", is: ({ step }) => step === "mail" },
];

type After = (entry: TimelineEntry) => number;

/** What `--without` took away, until it answered again or to the end. */
function absences(timeline: readonly TimelineEntry[], after: After, endMs: number): Lane[] {
  const gone = timeline.filter(
    ({ step, detail }) => step === "fault" && / no longer answers/.test(detail),
  );
  const back = timeline.filter(
    ({ step, detail }) => step === "cloud" && / answers again$/.test(detail),
  );
  return gone.map((entry) => {
    const what = whoIn(entry.detail, " no longer answers");
    const end = back.find(({ detail }) => whoIn(detail, " answers again") === what);
    const toMs = end === undefined ? endMs : Math.min(after(end), endMs);
    return {
      name: `${what} does not answer`,
      kind: "gone",
      fromMs: Math.max(after(entry), 0),
      toMs,
    };
  });
}

/** How long a lost region was away, and its old primary came back unfenced. */
function regionLanes({ timeline, instance, instances }: DrillResult, after: After): Lane[] {
  const back = timeline.find(({ step, detail }) => step === "cloud" && / is back, /.test(detail));
  if (!instances || !back) return [];
  const away: Lane = {
    name: "the home region is away",
    kind: "gone",
    fromMs: 0,
    toMs: after(back),
  };
  const paid = instances.find((each) => each.instance === instance)?.fencePaidSeconds ?? null;
  if (paid === null) return [away];
  const [fromMs, toMs] = [away.toMs, away.toMs + paid * 1000];
  return [away, { name: "the old primary is back, not fenced yet", kind: "work", fromMs, toMs }];
}

/** The new standby, and the planned failover that leads home to it. */
function wayHome({ timeline, failback }: DrillResult, after: After): Lane[] {
  const left = timeline.find(({ step }) => step === "failback");
  const build = timeline.find(({ step, detail }) => step === "reprotect" && detail === "Begin");
  if (!failback || !build) return [];
  const builtMs = left === undefined ? after(build) : after(left);
  const built: Lane = {
    name: "a new standby is built and streams",
    kind: "work",
    fromMs: after(build),
    toMs: builtMs,
  };
  if (left === undefined || failback.seconds === null) return [built];
  const toMs = builtMs + failback.seconds * 1000;
  return [built, { name: "planned failover home", kind: "work", fromMs: builtMs, toMs }];
}

const whoIn = (detail: string, words: string) => detail.slice(0, detail.indexOf(words));

/** A workflow that stopped, if there was one, else just how long was looked on. */
function withoutRecovery(timeline: readonly TimelineEntry[], after: After, endMs: number): Lane[] {
  const begun = timeline.find(({ step, detail }) => step === "workflow" && detail === "Begin");
  const failed = timeline.find(({ detail }) => detail.startsWith("workflow failed"));
  const fromMs = begun === undefined ? endMs : after(begun);
  if (failed === undefined) {
    return [{ name: "the run looks on", kind: "watch", fromMs: 0, toMs: endMs }];
  }
  const [halt = "it failed"] = /\bHalt[A-Z]\w+/.exec(failed.detail) ?? [];
  const stopMs = after(failed);
  return [
    {
      name: "the fault takes effect, bad rounds",
      kind: "wait",
      fromMs: 0,
      toMs: Math.min(fromMs, stopMs),
    },
    {
      name: `the failover stops: ${halt}`,
      kind: "stopped",
      fromMs: Math.min(fromMs, stopMs),
      toMs: stopMs,
    },
  ];
}
