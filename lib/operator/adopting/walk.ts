import type { Clock } from "../../../functions/kernel/clock.ts";
import { SlaError } from "../../../functions/kernel/errors.ts";
import type { Need } from "../adopt/needs-of.ts";
import { StuckError } from "./login-step.ts";
import {
  type Case,
  type Found,
  type Step,
  type Stuck,
  stuck,
  type Waiting,
  waiting,
} from "./step.ts";

/** What became of a step. `would`: a dry run found it wanting. `late`: it was waited for too long. */
export interface StepReport {
  readonly step: string;
  readonly is: "done" | "would" | "waiting" | "stuck" | "next" | "late";
  readonly says?: string;
  readonly needs?: readonly Need[];
}

export interface WalkReport {
  readonly instance: string;
  /** All of it is done. */
  readonly isWhole: boolean;
  readonly steps: readonly StepReport[];
}

interface Walking {
  readonly dryRun: boolean;
  /** Hears what is done, begun or waited for, each once. */
  readonly tell: (step: string, is: StepReport["is"] | "doing", says: string) => void;
}

/** Plan seconds between two looks at what goes on by itself, and after an act. */
const LOOK_SECONDS = 15;
/** What has taken hours is looked at less often, by this share of what has passed: forty databases would meet the throttle of RDS. */
const LATER = { share: 0.05, atMostSeconds: 120 } as const;
const SETTLE_SECONDS = 2;
const LOOK_FLOOR_MS = 100;
/** What was done as often and is still not seen is not going to be. */
const MOST_ACTS = 40;
const SILENT_SECONDS = 600;

/**
 * Takes the steps one after the other, from wherever the last walk ended, however it ended. Ends at the first that needs a person or
 * a deployment; a dry run acts nowhere and looks at all of them.
 */
export async function walk(
  steps: readonly Step[],
  on: Case,
  { dryRun, tell }: Walking,
): Promise<WalkReport> {
  const reports: StepReport[] = [];
  for (const step of steps) {
    const report = dryRun ? await glance(step, on) : await taken(step, on, tell);
    reports.push(report);
    if (report.is === "next" || (report.is !== "done" && !dryRun)) break;
  }
  const isWhole = reports.length === steps.length && reports.every(({ is }) => is === "done");
  return { instance: on.instance.id, isWhole, steps: reports };
}

async function glance(step: Step, on: Case): Promise<StepReport> {
  const found = await looked(step, on);
  if (found.is === "wanting") return { step: step.name, is: "would", says: found.says };
  return reportOf(step, found);
}

async function taken(step: Step, on: Case, tell: Walking["tell"]): Promise<StepReport> {
  const patience = new Patience(on.world.clock);
  let last = "";
  for (;;) {
    const found = await looked(step, on);
    const says = "says" in found ? found.says : last;
    if (says !== last) tell(step.name, doingOf(found), says);
    last = says;
    const report = goesOn(found) ? await onward(step, found, patience) : reportOf(step, found);
    if (report) return report;
  }
}

const doingOf = ({ is }: Found) => (is === "wanting" ? "doing" : is);

/** Undefined: look again. */
async function onward(
  step: Step,
  found: Unfinished,
  patience: Patience,
): Promise<StepReport | undefined> {
  const spent = patience.spentOn(found);
  if (spent !== undefined) return { step: step.name, is: "late", says: spent };
  const failed = await acted(found);
  if (failed) return reportOf(step, failed);
  await patience.wait(found);
  return undefined;
}

type Unfinished = Extract<Found, { readonly is: "wanting" | "waiting" }>;

const goesOn = (found: Found): found is Unfinished =>
  found.is === "wanting" || found.is === "waiting";

/** How long and how often one step goes on without an end. */
class Patience {
  readonly #clock: Clock;
  #acts = 0;
  #since: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now().getTime();
  }

  /** Why there is none left; undefined: there is. */
  spentOn(found: Unfinished): string | undefined {
    if (found.is === "wanting") {
      this.#acts += 1;
      return this.#acts > MOST_ACTS ? `${found.says}: done again and again, not seen` : undefined;
    }
    const passedMs = this.#clock.now().getTime() - this.#since;
    return passedMs > this.#clock.paced(found.atMostSeconds) ? found.says : undefined;
  }

  /** What was done begins its own time. */
  async wait({ is }: Unfinished): Promise<void> {
    if (is === "wanting") this.#since = this.#clock.now().getTime();
    await this.#clock.wait(is === "wanting" ? SETTLE_SECONDS : this.#untilNext(), LOOK_FLOOR_MS);
  }

  /** Plan seconds. */
  #untilNext(): number {
    const passed = (this.#clock.now().getTime() - this.#since) / this.#clock.paced(1);
    return Math.min(LATER.atMostSeconds, Math.max(LOOK_SECONDS, LATER.share * passed));
  }
}

function reportOf({ name }: Step, found: Exclude<Found, { is: "wanting" }>): StepReport {
  switch (found.is) {
    case "done":
      return {
        step: name,
        is: "done",
        says: found.says,
        ...(found.advice && { needs: found.advice }),
      };
    case "waiting":
    case "next":
      return { step: name, is: found.is, says: found.says };
    case "stuck":
      return { step: name, is: "stuck", needs: found.needs };
    default:
      return found satisfies never;
  }
}

/** Nobody's answer is waited for; a refusal is for a person. */
async function looked(step: Step, on: Case): Promise<Found> {
  try {
    return await step.look(on);
  } catch (cause) {
    return failing(cause);
  }
}

/** Undefined unless a person must help: how far it came is seen by the next look. */
async function acted(found: Unfinished): Promise<Stuck | undefined> {
  try {
    if (found.is === "wanting") await found.act();
    return undefined;
  } catch (cause) {
    const failure = failing(cause);
    return failure.is === "stuck" ? failure : undefined;
  }
}

function failing(cause: unknown): Stuck | Waiting {
  if (cause instanceof StuckError) return stuck(...cause.needs);
  if (cause instanceof SlaError && cause.blame === "cloud") {
    return waiting(cause.message, SILENT_SECONDS);
  }
  if (cause instanceof SlaError || isClientFault(cause)) return stuck({ says: cause.message });
  throw cause;
}

/** AWS says that what was asked is wrong: permissions, quotas, names. */
const isClientFault = (cause: unknown): cause is Error =>
  cause instanceof Error && (cause as { $fault?: unknown }).$fault === "client";
