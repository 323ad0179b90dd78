import { breakable, type Html, html, sign } from "../page/html.ts";
import { machineWords } from "./machine.ts";
import { awsSection } from "./report-aws.ts";
import { promiseBar } from "./report-bars.ts";
import { timelineChart } from "./report-chart.ts";
import { evidence } from "./report-evidence.ts";
import { regionSection } from "./report-region.ts";
import {
  deploymentWords,
  explain,
  fenceWords,
  offset,
  restoredWords,
  rpoLimitOf,
  runName,
  span,
  storyOf,
} from "./report-words.ts";
import { type DrillResult, isServedAgain, type TimelineEntry } from "./result.ts";

/** Everything about one run: the verdict first, the evidence last. */
export function runSection(result: DrillResult, index: number): Html {
  const { instance, plan, ok } = result;
  return html`<article id="run-${index + 1}">
<h2>${instance}: fault ${runName(result)}, plan ${plan}</h2>
${story(result)}
${figures(result)}
${regionSection(result)}
<h3>Where the time went</h3>
${timelineChart(result, index)}
${recovery(result)}
${awsSection(result)}
<h3>In figures</h3>
${numbers(result)}
<h3>What must hold <span class="${ok ? "good" : "bad"}">${ok ? "and does" : "and does not"}</span></h3>
<ul class="rows checks">${result.checks.map(
    (check) =>
      html`<li>${sign(check.ok)}<span>${check.name}</span><span>${breakable(check.found)}</span></li>`,
  )}</ul>
<h3>Timeline</h3>
${timeline(result.timeline)}
${evidence(result)}
</article>`;
}

function story(result: DrillResult): Html {
  const { happened, means, next } = storyOf(result);
  return html`<div class="story ${result.ok ? "good" : "bad"}">
<dl><dt>What happened</dt><dd>${happened}</dd><dt>What it means</dt><dd>${means}</dd>
<dt>What next</dt><dd>${next}</dd></dl>
</div>`;
}

/** Bars only where a recovery is expected; a quiet night has nothing to draw. */
function figures(result: DrillResult): Html {
  const { measured, promised, deadlineSeconds, pace, expected } = result;
  if (!isServedAgain(expected)) return html``;
  const bars = [
    {
      label: "RTO",
      measured: measured.rtoSeconds,
      allowed: deadlineSeconds,
      sold: promised.rtoSeconds,
    },
    {
      label: "RPO",
      measured: measured.rpoSeconds,
      allowed: rpoLimitOf(result),
      sold: promised.rpoSeconds,
    },
  ];
  return html`<div class="figures">${bars.map((bar) => promiseBar({ ...bar, pace }))}</div>`;
}

/** Where nothing recovers there is nothing to compare with what was configured. */
function recovery({ measured, pace }: DrillResult): Html {
  if (measured.overheadSeconds === null) return html``;
  return html`<p class="soft">Waits computed beforehand: ${span(measured.waitsSeconds)} (bad rounds × cadence +
Multi-AZ wait + TTL, divided by ${pace}, with floors); the rest of the RTO, called overhead:
${span(measured.overheadSeconds)}. What is computed beforehand is the most they can be, and the Multi-AZ wait runs
from the first bad round, so overhead can be less than the work above.</p>`;
}

function numbers(result: DrillResult): Html {
  const { writes, dns, halt, debts, measured, machine } = result;
  const { acknowledged, lost, acknowledgedByOldPrimaryAfterPromotion: late, ghosts } = writes;
  const rows: readonly (readonly [string, string])[] = [
    ["Rows acknowledged, lost", `${acknowledged}, ${lost}`],
    ...(writes.givenUp === undefined ? [] : [["Rows given up", String(writes.givenUp)] as const]),
    ["By the old primary after the promotion", `${late}; ghosts ${ghosts}`],
    ["Old primary", fenceWords(result)],
    ...(halt === null
      ? []
      : ([
          ["Halted at", halt.code],
          ["Next command", halt.command],
        ] as const)),
    ["DNS before", dns.before],
    ["DNS after", dns.before === dns.after ? "the same" : dns.after],
    ["Neighbours moved", String(dns.neighboursMoved)],
    ...recoveryRows(result),
    ...homeRows(result),
    ["Debts", debts.length === 0 ? "none" : debts.join(", ")],
    ...(result.deployment ? [["Stacks", deploymentWords(result)] as const] : []),
    ...(machine ? [["Machine", machineWords(machine)] as const] : []),
    ["Watched", span(measured.observedSeconds)],
  ];
  return html`<dl class="numbers">${rows.map(
    ([term, value]) => html`<dt>${term}</dt><dd>${breakable(value)}</dd>`,
  )}</dl>`;
}

function recoveryRows(result: DrillResult): readonly (readonly [string, string])[] {
  const { recovery } = result;
  if (!recovery) return [];
  return [
    ["A person typed", recovery.command ?? "nothing"],
    ["Brought back", restoredWords(result)],
    ["Rows up to that instant, missing", `${recovery.rows}, ${recovery.rowsMissing}`],
  ];
}

function homeRows({ failback }: DrillResult): readonly (readonly [string, string])[] {
  if (!failback) return [];
  const { reprotectSeconds, seconds, heldSeconds, rows, rpoRows, measuredAt } = failback;
  return [
    ["New standby after the failover", span(reprotectSeconds)],
    ["Planned failback, writes held", `${span(seconds)}, ${span(heldSeconds)}`],
    ["Rows written through it, lost", `${rows}, ${rpoRows}`],
    ["Nothing lost, measured at", measuredAt ?? "not measured"],
  ];
}

function timeline(entries: readonly TimelineEntry[]): Html {
  const fault = entries.find(({ step }) => step === "fault") ?? entries[0];
  const zero = Date.parse(fault?.at ?? "");
  const sorted = entries.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return html`<ol class="rows timeline">${sorted.map(
    (entry) =>
      html`<li class="${entry.step}"><span>${offset(Date.parse(entry.at) - zero)}</span><span>${entry.step}</span><span>${breakable(explain(entry))}</span></li>`,
  )}</ol>`;
}
