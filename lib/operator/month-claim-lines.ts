import { type JudgedAnnotation, type JudgedWindow, shownEnd } from "../books/month-counts.ts";
import type { InstanceMonth } from "../books/month-report.ts";
import type { Disregarded } from "../sla/books/annotation.ts";
import type { Span } from "../sla/books/month.ts";
import type { Window } from "../sla/books/window.ts";
import type { Uncounted } from "../sla/books/window-counts.ts";
import { hanging } from "./hanging.ts";
import { localTime } from "./local-time.ts";

const WINDOW_WORDS = {
  cancelled: "cancelled before it began",
  "not-sold": "the plan does not leave such maintenance out",
  "announced-too-late": "announced too late",
  "no-whole-minute": "no whole minute of it was announced",
} as const satisfies Record<Uncounted, string>;

/** Why what was said of an incident changes nothing. */
export const ANNOTATION_WORDS = {
  superseded: "superseded by a later annotation",
  withdrawn: "taken back",
  "not-sold": "the plan does not leave that cause out",
  "no-such-incident": "no ledger knows this incident",
  "still-open": "the incident is still open",
  "no-whole-minute": "the incident has no whole minute",
} as const satisfies Record<Disregarded, string>;

/** What was left out of a month, what was not, and the figure if no cause were; nothing where nobody claimed anything. */
export function claimLines(found: InstanceMonth, timezone: string): readonly string[] {
  const { windows, annotations, withoutExclusions, minutes } = found;
  const { availability, held } = withoutExclusions;
  const verdict = held === null ? "" : held ? ", held" : ", NOT HELD";
  const bare = `${minutes.excluded} minutes for their cause; with them ${availability} %${verdict}`;
  return [
    ...(minutes.excluded > 0 ? hanging("  excluded   ", bare) : []),
    ...windows.flatMap((each) => hanging("  - ", windowWords(each, timezone))),
    ...annotations.flatMap((each) => hanging("  - ", annotationWords(each))),
  ];
}

function windowWords({ window, verdict }: JudgedWindow, timezone: string): string {
  const at = (ms: number) => localTime(timezone)(new Date(ms).toISOString());
  const { kind, window: id } = window.record;
  const said = `${kind} maintenance ${id}, ${at(window.fromMs)} to ${at(shownEnd(window))}`;
  if (verdict.counts) return `${said}: ${minutesIn(verdict.span)} minutes not counted`;
  const late = verdict.because === "announced-too-late" ? lateWords(window, at) : "";
  return `${said}: COUNTED, ${WINDOW_WORDS[verdict.because]}${late}`;
}

/** A record that was written later than it says is not let pass in silence. */
function lateWords({ announcedMs, record }: Window, at: (ms: number) => string): string {
  const stated = Date.parse(record.announcedAt);
  const isDatedBack = announcedMs - stated >= 60_000;
  const claim = isDatedBack ? `, though its record says ${at(stated)}` : "";
  return `, ${at(announcedMs)}${claim}`;
}

function annotationWords({ annotation, verdict }: JudgedAnnotation): string {
  const { incident, cause, by } = annotation;
  const said = `incident ${incident}, ${cause} by ${by}`;
  if (verdict.counts) return `${said}: not counted where it was down`;
  return `${said}: COUNTED, ${ANNOTATION_WORDS[verdict.because]}`;
}

const minutesIn = ({ fromMs, toMs }: Span) => (toMs - fromMs) / 60_000;
