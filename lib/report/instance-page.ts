import type { InstanceRecord } from "../books/month-record.ts";
import { sellsImageTests } from "../books/month-report-json.ts";
import { type Html, html } from "../page/html.ts";
import type { Eligible, Unmet } from "../sla/books/eligibility.ts";
import type { Outage } from "../sla/books/minute-runs.ts";
import type { notMeasured } from "../sla/promises-kept.ts";
import { backupsOf, imageTestsOf, restoreTestsOf } from "./backups.ts";
import { calendarOf } from "./calendar.ts";
import { claimsOf } from "./claims.ts";
import { documentOf } from "./document.ts";
import { evidenceOf, type Proof } from "./evidence.ts";
import { type Frame, headOf } from "./head.ts";
import { incidentsOf } from "./incidents.ts";
import { moreThan } from "./more.ts";
import { promisesOf } from "./promises.ts";
import type { Speaker } from "./speaker.ts";
import {
  type Figure,
  fiveFigures,
  MARKS,
  toneOf,
  uncountedFigures,
  verdictWords,
} from "./verdict.ts";

export interface InstanceShown extends Frame {
  readonly settled: InstanceRecord;
  readonly unmeasured: ReturnType<typeof notMeasured>;
  readonly proof: Omit<Proof, "evidence">;
}

const OUTAGES = 100;

/** A month of one instance for its customer; the same bytes from the same ledger. */
export function instancePage(shown: InstanceShown, speaker: Speaker): string {
  const { settled, timezone, evidence, proof } = shown;
  const { say } = speaker;
  const title = say("title", { instance: settled.instance, month: speaker.month(shown.month) });
  const section = (id: string, name: string, content: Html) =>
    html`<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>${content}</section>`;
  const main = html`${verdict(settled, speaker)}
${section("calendar", say("calendar"), calendarOf(settled.runs, timezone, speaker))}
${section("outages", say("outages"), outagesOf(settled.outages, speaker))}
${section("claims", say("claims"), claimsOf(settled, speaker))}
${section("incidents", say("incidents"), incidentsOf(settled, speaker))}
${section("promises", say("promises"), promisesOf(settled.promises, shown.unmeasured, speaker))}
${section("credit", say("credit"), creditOf(settled, speaker))}
${section("backups", say("backups"), backupsOf(settled.backups, speaker))}
${section("restores", say("restoreTests"), restoreTestsOf(settled.restoreTests, speaker))}
${sellsImageTests(settled) ? section("images", say("imageTests"), imageTestsOf(settled.imageTests, speaker)) : html``}
${section("evidence", say("evidence"), evidenceOf({ ...proof, evidence }, settled.unreadable, speaker))}`;
  const footer = html`<p><bdi>${shown.provider}</bdi></p>`;
  const header = html`<h1>${title}</h1>${headOf(shown, settled, speaker)}`;
  return documentOf({ language: speaker.language, title, header, main, footer });
}

function verdict(settled: InstanceRecord, speaker: Speaker): Html {
  const tone = toneOf(settled);
  const figures = [...fiveFigures(settled, speaker), ...uncountedFigures(settled, speaker)];
  return html`<p class="verdict ${tone}"><span class="${tone}" aria-hidden="true">${MARKS[tone]}</span> ${verdictWords(settled, speaker)}</p>
<dl class="figures">${figures.map(figureOf)}</dl>`;
}

const figureOf = ({ name, value, remark }: Figure): Html =>
  html`<div><dt>${name}</dt><dd>${value}${remark === undefined ? "" : html`<small>${remark}</small>`}</dd></div>`;

function outagesOf(outages: readonly Outage[], speaker: Speaker): Html {
  const { say } = speaker;
  if (outages.length === 0) return html`<p>${say("noOutages")}</p>`;
  const row = (outage: Outage) =>
    html`<tr><td>${speaker.range(outage)}</td><td class="amount">${speaker.number(outage.minutes)}</td></tr>`;
  return html`<table>
<thead><tr><th scope="col">${say("fromTo")}</th><th scope="col" class="amount">${say("minutesDown")}</th></tr></thead>
<tbody>${outages.slice(0, OUTAGES).map(row)}</tbody></table>
${moreThan(OUTAGES, outages.length, speaker)}`;
}

function creditOf({ credit, eligibility }: InstanceRecord, speaker: Speaker): Html {
  const { say, percent, money, instant } = speaker;
  if (!credit) return html`<p>${say("noCredit")}</p>`;
  const share = percent(String(credit.percent));
  const worth = credit.amount
    ? say("creditAmount", { percent: share, amount: money(credit.amount) })
    : say("creditShare", { percent: share });
  return html`<p>${worth} ${say("claimBefore", { at: instant(credit.claimBeforeMs) })}</p>${eligibilityOf(eligibility, speaker)}`;
}

/** Who may not claim it is told why; words of the plan stay as they were written. */
function eligibilityOf(found: Eligible | undefined, { say, label, instant }: Speaker): Html {
  const why = (unmet: Unmet): string => {
    const at = instant(unmet.atMs);
    if (unmet.condition === "trialDays") return say("unmetTrial", { at });
    if (unmet.condition === "untilMonthEnd") return say("unmetStay", { at });
    return say("unmetTenure", { n: unmet.sold, at });
  };
  const { because = [], toCheck = [] } = found ?? {};
  return html`${because.map((unmet) => html`<p class="bad">${label(say("notEligible"))} ${why(unmet)}</p>`)}${toCheck.map((words) => html`<p>${label(say("toCheck"))} <bdi>${words}</bdi></p>`)}`;
}
