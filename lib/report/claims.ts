import { type JudgedAnnotation, type JudgedWindow, shownEnd } from "../books/month-counts.ts";
import type { InstanceMonth } from "../books/month-report.ts";
import { type Html, html } from "../page/html.ts";
import type { AnnotationRecord, Disregarded } from "../sla/books/annotation.ts";
import type { Uncounted } from "../sla/books/window-counts.ts";
import type { Speaker } from "./speaker.ts";
import type { PlainKey } from "./words/catalogue.ts";

const WHY: Readonly<Record<Uncounted | Disregarded, PlainKey>> = {
  cancelled: "whyCancelled",
  "not-sold": "whyNotSold",
  "announced-too-late": "whyTooLate",
  "no-whole-minute": "whyNoMinute",
  superseded: "whySuperseded",
  withdrawn: "whyWithdrawn",
  "no-such-incident": "whyNoIncident",
  "still-open": "whyOpen",
};

const CAUSES: Readonly<Record<AnnotationRecord["cause"], PlainKey>> = {
  "customer-code": "causeCode",
  "customer-software": "causeSoftware",
  "third-party": "causeThirdParty",
  "denial-of-service": "causeAttack",
  "customer-action": "causeAction",
  "customer-destination": "causeDestination",
  "force-majeure": "causeForce",
  "customer-infrastructure": "causeInfrastructure",
  unverified: "causeUnverified",
  none: "causeNone",
};

type Claimed = Pick<InstanceMonth, "windows" | "annotations" | "withoutExclusions" | "minutes">;

/** What somebody said does not count, whether it was left out, and what the month is without arguments. */
export function claimsOf(claimed: Claimed, speaker: Speaker): Html {
  const { windows, annotations, withoutExclusions, minutes } = claimed;
  const { say, percent } = speaker;
  if (windows.length + annotations.length === 0) return html`<p>${say("noClaims")}</p>`;
  const columns = ["fromTo", "kind", "reason", "result"] as const;
  const rows = [
    ...windows.map((each) => rowOf(windowCells(each, speaker), speaker)),
    ...annotations.map((each) => rowOf(annotationCells(each, speaker), speaker)),
  ];
  const { availability } = withoutExclusions;
  const bare =
    minutes.excluded > 0 && availability !== null
      ? html`<p>${say("withoutExclusions", { availability: percent(availability) })}</p>`
      : html``;
  return html`<table class="stacked">
<thead><tr>${columns.map((column) => html`<th scope="col">${say(column)}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table>
${bare}`;
}

interface Cells {
  readonly when: string;
  readonly kind: string;
  /** As somebody wrote it. */
  readonly reason: string;
  readonly because?: Uncounted | Disregarded;
}

function rowOf({ when, kind, reason, because }: Cells, { say }: Speaker): Html {
  const result = because ? say("counted", { because: say(WHY[because]) }) : say("leftOut");
  return html`<tr><th scope="row">${when}</th><td data-name="${say("kind")}">${kind}</td>
<td data-name="${say("reason")}"><bdi>${reason}</bdi></td><td data-name="${say("result")}">${result}</td></tr>`;
}

function windowCells({ window, verdict }: JudgedWindow, { say, range }: Speaker): Cells {
  const { kind, reason } = window.record;
  return {
    when: range({ fromMs: window.fromMs, toMs: shownEnd(window) }),
    kind: say(kind === "planned" ? "maintenance" : "emergency"),
    reason,
    ...(!verdict.counts && { because: verdict.because }),
  };
}

function annotationCells({ annotation, verdict }: JudgedAnnotation, speaker: Speaker): Cells {
  const { span, incident, cause, reason } = annotation;
  const { range, instant, say } = speaker;
  const open = span ? instant(span.fromMs) : incident;
  const when = span?.toMs === undefined ? open : range({ fromMs: span.fromMs, toMs: span.toMs });
  return {
    when,
    kind: say(CAUSES[cause]),
    reason,
    ...(!verdict.counts && { because: verdict.because }),
  };
}
