import type { TimelineEntry } from "./result.ts";

/** One stretch between the fault and the first write on the new primary. */
export interface Phase {
  readonly step: PhaseStep;
  readonly name: string;
  /** A wait is configured, and divided by the pace; work takes what it takes. */
  readonly kind: "wait" | "work";
  /** Milliseconds after the fault. */
  readonly fromMs: number;
  readonly ms: number;
}

type PhaseStep = "detection" | "admission" | "restore" | "fence" | "promotion" | "flip" | "ttl";

interface Mark {
  readonly is: (entry: TimelineEntry) => boolean;
  /** What begins here. */
  readonly begins: Pick<Phase, "step" | "name" | "kind">;
}

const state =
  (name: string) =>
  ({ step, detail }: TimelineEntry) =>
    step === "workflow" && detail === name;

const MARKS: readonly Mark[] = [
  {
    is: ({ step }) => step === "fault",
    begins: { step: "detection", kind: "wait", name: "bad rounds, then RDS's own failover" },
  },
  {
    is: state("Begin"),
    begins: { step: "admission", kind: "work", name: "admitted, evidence kept, looked again" },
  },
  {
    is: state("Fence"),
    begins: { step: "fence", kind: "work", name: "old primary fenced, standby drained" },
  },
  {
    is: state("Promote"),
    begins: { step: "promotion", kind: "work", name: "standby promoted, proof write" },
  },
  { is: state("Roles"), begins: { step: "flip", kind: "work", name: "roles and DNS written" } },
  {
    is: ({ step }) => step === "dns",
    begins: { step: "ttl", kind: "wait", name: "clients find the new name (TTL)" },
  },
];

/** Where a person began it. */
const BY_HAND: readonly Mark[] = [
  {
    is: ({ step }) => step === "fault",
    begins: { step: "detection", kind: "wait", name: "until people were told and one acted" },
  },
  {
    is: ({ step }) => step === "person",
    begins: { step: "restore", kind: "work", name: "restored, logins reset, examined" },
  },
  {
    is: state("Fence"),
    begins: { step: "fence", kind: "work", name: "old primary fenced, proof write" },
  },
  ...MARKS.slice(-2),
];

const isEnd = ({ step }: TimelineEntry) => step === "service";

/** Cuts a failover into its phases; empty if no client wrote again. */
export function phasesOf(timeline: readonly TimelineEntry[]): Phase[] {
  const end = instantOf(timeline.find(isEnd));
  if (end === undefined) return [];
  const marks = timeline.some(({ step }) => step === "person") ? BY_HAND : MARKS;
  const known = marks.flatMap(({ is, begins }) => {
    const at = instantOf(timeline.find(is));
    return at === undefined || at > end ? [] : [{ ...begins, at }];
  });
  const zero = known[0]?.at ?? end;
  return known.map(({ step, name, kind, at }, index) => ({
    step,
    name,
    kind,
    fromMs: at - zero,
    ms: (known[index + 1]?.at ?? end) - at,
  }));
}

const instantOf = (entry: TimelineEntry | undefined) =>
  entry === undefined ? undefined : Date.parse(entry.at);
