import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { Happening } from "../../functions/failover/case.ts";
import { AWAITS_ANSWER, NOT_YET, WAIT_FOR_ANSWER } from "../../functions/failover/contract.ts";

/** What happened in an execution, for a person to read. */
export interface StepLine {
  /** Of the event: lines keep their order and none comes twice. */
  readonly id: number;
  readonly state: string;
  readonly words: string;
  /** Since the execution began. */
  readonly seconds: number;
}

/** One line for each step that ended, failed, or says for the first time what it waits for. */
export function stepLines(events: readonly HistoryEvent[]): readonly StepLine[] {
  const lines: StepLine[] = [];
  const began = events[0]?.timestamp?.getTime() ?? 0;
  let state = "";
  for (const event of events) {
    state = event.stateEnteredEventDetails?.name ?? state;
    const words = wordsOf(event, state);
    const last = lines.at(-1);
    if (words === undefined || (last?.state === state && last.words === words)) continue;
    const seconds = ((event.timestamp?.getTime() ?? began) - began) / 1000;
    lines.push({ id: event.id ?? 0, state, words, seconds });
  }
  return lines;
}

function wordsOf(event: HistoryEvent, state: string): string | undefined {
  // What it waits for, the step before has said; how that ended, the next one says.
  if (state === WAIT_FOR_ANSWER.state) return undefined;
  const { type, taskFailedEventDetails: failed, taskTimedOutEventDetails: late } = event;
  if (type === "TaskStateExited") return endOf(state, event.stateExitedEventDetails?.output);
  if (late) return `${late.error ?? "timed out"}, asked again`;
  if (!failed) return undefined;
  const message = messageIn(failed.cause ?? "");
  return failed.error === NOT_YET || failed.error === AWAITS_ANSWER
    ? `waits: ${message}`
    : `${failed.error}: ${message}`;
}

interface Carried {
  readonly timeline?: readonly Happening[];
  readonly case?: { readonly timeline?: readonly Happening[] };
}

/** The step's own words: the last entry of the timeline it hands on. One that failed hands on another's. */
function endOf(state: string, output = "{}"): string | undefined {
  const carried = parsed<Carried>(output);
  const stopped = carried?.case?.timeline?.at(-1);
  if (stopped) return stopped.step === "unfence" ? stopped.detail : undefined;
  const last = carried?.timeline?.at(-1);
  // It is left to wait beside the line, with what the step before it had found.
  if (state === "Approve" && last?.step !== "approve") return undefined;
  return last?.detail;
}

/** A function's error comes as JSON. */
const messageIn = (cause: string) =>
  parsed<{ readonly errorMessage?: string }>(cause)?.errorMessage ?? cause;

function parsed<T>(json: string): T | undefined {
  try {
    return JSON.parse(json) as T;
  } catch {
    return undefined;
  }
}
