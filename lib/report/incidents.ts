import { breakable, type Html, html } from "../page/html.ts";
import type {
  FailoverHappened,
  FailoverNoted,
  Happenings,
  IncidentHappened,
} from "../sla/books/happenings.ts";
import { moreThan } from "./more.ts";
import type { Speaker } from "./speaker.ts";
import type { PlainKey } from "./words/catalogue.ts";

const MOST = 60;

/** Each incident with what became of it; failovers that were none of an incident's come after them. */
export function incidentsOf({ incidents, failovers }: Happenings, speaker: Speaker): Html {
  const { say } = speaker;
  const known = new Set(incidents.map(({ incident }) => incident));
  const others = failovers.filter(({ incident }) => !known.has(incident));
  if (incidents.length + others.length === 0) return html`<p>${say("noIncidents")}</p>`;
  const own = (id: string) => failovers.filter(({ incident }) => incident === id);
  return html`${incidents.slice(0, MOST).map((each) => incidentOf(each, own(each.incident), speaker))}
${others.slice(0, MOST).map((each) => html`<h3>${speaker.instant(each.goodAt)}</h3>${failoverOf(each, speaker)}`)}
${moreThan(MOST, Math.max(incidents.length, others.length), speaker)}`;
}

function incidentOf(
  incident: IncidentHappened,
  failovers: readonly FailoverHappened[],
  speaker: Speaker,
): Html {
  const moments = momentsOf(incident, speaker);
  return html`<h3>${speaker.instant(incident.firstBadAt)}</h3>
<ul class="story">${moments.map(
    ([at, words]) => html`<li><span>${speaker.moment(at)}</span><span>${words}</span></li>`,
  )}</ul>
${incident.closedAt === undefined ? html`<p class="bad">${speaker.say("goesOn")}</p>` : html``}
${failovers.map((each) => failoverOf(each, speaker))}
<p class="soft"><code>${breakable(incident.key)}</code></p>`;
}

const NOTES: Readonly<Record<FailoverNoted["outcome"], PlainKey>> = {
  done: "failoverDone",
  halted: "failoverHalted",
  settled: "failoverSettled",
};

/** By their time; of one and the same instant in the order in which they follow from each other. */
function momentsOf(incident: IncidentHappened, { say }: Speaker) {
  const all: readonly (readonly [string | undefined, string])[] = [
    [incident.firstBadAt, say("firstBad")],
    [incident.openedAt, say("opened")],
    ...incident.notes.map(({ at, outcome }) => [at, say(NOTES[outcome])] as const),
    [incident.firstGoodAt, say("firstGood")],
    [incident.closedAt, say("closed")],
  ];
  return all
    .flatMap(([at, words]) => (at === undefined ? [] : [[at, words] as const]))
    .toSorted(([one], [other]) => Date.parse(one) - Date.parse(other));
}

function failoverOf(failover: FailoverHappened, speaker: Speaker): Html {
  const { say, duration } = speaker;
  const { kind, rtoSeconds, rpoSeconds, isProvisional, steps, key, gameDay } = failover;
  const lost =
    rpoSeconds === undefined
      ? say("lostUnknown")
      : say("lostAtMost", { rpo: duration(rpoSeconds) });
  const open = isProvisional ? ` (${say("provisional")})` : "";
  const exercise = gameDay === undefined ? "" : ` (${say("exercised")})`;
  const done = steps.map(
    ({ step, at }) => html`<span class="whole"><code>${step}</code> ${speaker.time(at)}</span>`,
  );
  return html`<p><strong>${speaker.label(say(kind))}</strong> ${say("backAfter", { rto: duration(rtoSeconds) })}; ${lost}${open}${exercise}</p>
${steps.length === 0 ? html`` : html`<p class="steps">${speaker.label(say("steps"))} ${done}</p>`}
<p class="soft"><code>${breakable(key)}</code></p>`;
}
