import type { InstanceFigures } from "../books/month-report.ts";
import { type Html, html } from "../page/html.ts";
import type { Money } from "../sla/books/money.ts";
import { documentOf } from "./document.ts";
import { evidenceOf, type Proof } from "./evidence.ts";
import { type Frame, headOf } from "./head.ts";
import type { Speaker } from "./speaker.ts";
import { fiveFigures, MARKS, type Tone, toneOf, worstFirst } from "./verdict.ts";
import type { PlainKey } from "./words/catalogue.ts";

/** What the page of a fleet needs of each instance. */
export interface FleetRow extends InstanceFigures {
  /** Keys of records of what happened to it that nobody can read. */
  readonly unreadable: readonly string[];
}

export interface FleetShown extends Frame {
  readonly instances: readonly FleetRow[];
  readonly proof: Omit<Proof, "evidence">;
}

/** A month of all instances for who runs them; each leads to `<instance>.html` beside it. */
export function fleetPage(shown: FleetShown, speaker: Speaker): string {
  const { say } = speaker;
  const title = say("fleetTitle", { month: speaker.month(shown.month) });
  const unreadable = [...new Set(shown.instances.flatMap((each) => each.unreadable))];
  const main = html`<section aria-labelledby="instances"><h2 id="instances">${say("instances")}</h2>
<p class="soft">${say("worstFirst")}</p>
${instancesTable(shown, speaker)}</section>
<section aria-labelledby="credits"><h2 id="credits">${say("creditsTogether")}</h2>
<p>${creditsTogether(shown.instances, speaker)}</p></section>
<section aria-labelledby="evidence"><h2 id="evidence">${say("evidence")}</h2>
${evidenceOf({ ...shown.proof, evidence: shown.evidence }, unreadable, speaker)}</section>`;
  return documentOf({
    ...{ language: speaker.language, title, main },
    header: html`<h1>${title}</h1>${headOf(shown, undefined, speaker)}`,
    footer: html`<p><bdi>${shown.provider}</bdi></p>`,
  });
}

function instancesTable({ instances, timezone }: FleetShown, speaker: Speaker): Html {
  const { say } = speaker;
  // By other clocks than the head of the page says.
  const zoneOf = (month: InstanceFigures) =>
    month.timezone === timezone ? html`` : html` <small class="soft">${month.timezone}</small>`;
  const row = (month: InstanceFigures) => {
    const tone = toneOf(month);
    const notEligible = month.eligibility?.eligible === false ? say("notEligible") : undefined;
    const figures = fiveFigures(month, speaker).map(
      ({ name, value, remark }) =>
        html`<td class="amount" data-name="${name}">${value}${remark !== undefined && remark === notEligible ? html` (${remark})` : ""}</td>`,
    );
    return html`<tr><th scope="row"><a href="${month.instance}.html">${month.instance}</a>${zoneOf(month)}</th>
<td data-name="${say("plan")}">${month.plan}</td>
<td data-name="${say("result")}"><span class="${tone}">${MARKS[tone]} ${say(RESULTS[tone])}</span></td>${figures}</tr>`;
  };
  const names = ["availability", "downtime", "longestOutage", "unobserved", "credit"] as const;
  return html`<table class="stacked fleet">
<thead><tr>${(["instance", "plan", "result"] as const).map((name) => html`<th scope="col">${say(name)}</th>`)}${names.map((name) => html`<th scope="col" class="amount">${say(name)}</th>`)}</tr></thead>
<tbody>${worstFirst(instances).map(row)}</tbody></table>`;
}

const RESULTS: Readonly<Record<Tone, PlainKey>> = {
  ...{ good: "kept", bad: "broken", open: "notShown", soft: "noCase" },
};

/** One sum for each currency, in the order of their codes. */
function creditsTogether(instances: readonly InstanceFigures[], { say, money }: Speaker): string {
  const sums = new Map<string, Money>();
  const claimed = instances.filter(({ eligibility }) => eligibility?.eligible !== false);
  for (const amount of claimed.flatMap(({ credit }) => credit?.amount ?? [])) {
    const { currency } = amount;
    sums.set(currency, { currency, minor: (sums.get(currency)?.minor ?? 0n) + amount.minor });
  }
  const all = [...sums].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return all.length === 0 ? say("none") : all.map(([, sum]) => money(sum)).join(" · ");
}
