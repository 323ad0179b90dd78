import type { Span } from "../sla/books/month.ts";
import type { Annotation } from "./annotate.ts";
import { hanging } from "./hanging.ts";
import type { KnownIncident } from "./incidents.ts";
import { localTime } from "./local-time.ts";
import { ANNOTATION_WORDS } from "./month-claim-lines.ts";
import { spanWords } from "./window-words.ts";

/** What was said of an incident, and what follows. */
export function annotationLines(
  { record, incident, verdict, untold }: Annotation,
  timezone: string,
): readonly string[] {
  const { instance, cause } = record;
  return [
    `${instance} ${record.incident}: ${cause === "none" ? "annotation taken back" : cause}`,
    ...(incident ? hanging("  incident   ", incidentWords(incident, timezone)) : []),
    ...hanging(
      "  counts     ",
      verdict.counts
        ? `what was down of it from ${betweenWords(verdict.span, timezone)} does not count; sla report shows both figures`
        : `as before: ${ANNOTATION_WORDS[verdict.because]}`,
    ),
    ...untold.flatMap((site) =>
      hanging("! ", `${site} does not answer and does not know of it; the others do`),
    ),
  ];
}

/** Of one instance, the newest first. */
export function incidentLines(
  incidents: readonly KnownIncident[],
  silent: readonly string[],
  timezone: string,
): readonly string[] {
  return [
    ...(incidents.length === 0 ? ["no incident is recorded"] : []),
    ...incidents.flatMap(({ incident, span, annotation }) =>
      hanging(`${incident}  `, `${incidentWords(span, timezone)}${saidWords(annotation)}`),
    ),
    ...silent.flatMap((site) =>
      hanging("! ", `${site} does not answer; what it knows is not here`),
    ),
  ];
}

const saidWords = (said: KnownIncident["annotation"]) =>
  said && said.cause !== "none" ? `; ${said.cause} by ${said.by}: ${said.reason}` : "";

function incidentWords({ fromMs, toMs }: KnownIncident["span"], timezone: string): string {
  if (toMs !== undefined) return betweenWords({ fromMs, toMs }, timezone);
  return `open since ${localTime(timezone)(new Date(fromMs).toISOString())}`;
}

const betweenWords = ({ fromMs, toMs }: Span, timezone: string) =>
  spanWords(new Date(fromMs).toISOString(), new Date(toMs).toISOString(), timezone);
