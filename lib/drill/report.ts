import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import escapeHtml from "escape-html";
import { REPORT_STYLE } from "./report-style.ts";
import type { DrillResult, TimelineEntry } from "./result.ts";

export interface ReportFiles {
  readonly html: string;
  readonly json: string;
}

/** Writes report.html and report.json into a directory, which is made if need be. */
export async function writeReport(
  directory: string,
  results: readonly DrillResult[],
): Promise<ReportFiles> {
  const files = { html: join(directory, "report.html"), json: join(directory, "report.json") };
  await mkdir(directory, { recursive: true });
  await writeFile(files.html, renderHtml(results));
  const [only] = results;
  const content = results.length === 1 ? only : results;
  await writeFile(files.json, `${JSON.stringify(content, null, 2)}\n`);
  return files;
}

/** One self-contained page: no script, no request, readable on a phone, in print, light and dark. */
export function renderHtml(results: readonly DrillResult[]): string {
  const title = results.every(({ ok }) => ok) ? "The promise held" : "The promise did not hold";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Drill: ${title}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${results.map(section).join("\n")}
</main>
</body>
</html>
`;
}

function section(result: DrillResult): string {
  return `<article>
<h2>${text(result.instance)}: fault <code>${text(result.fault)}</code>, plan ${text(result.plan)}
<span class="${result.ok ? "good" : "bad"}">${result.ok ? "ok" : "not ok"}</span></h2>
<p>Pace ${result.pace}: every configured wait, cadence and time-out was divided by ${result.pace}
(with floors); clocks, databases, DNS and HTTP were real. IAM was not enforced.</p>
${table(["promise", "as sold", `at pace ${result.pace}`, "measured"], promiseRows(result))}
<h3>Verdict</h3>
${table(
  ["", "what must hold", "found"],
  result.checks.map(({ ok, name, found }) => [ok ? "✓" : "✗", name, found]),
)}
<h3>Timeline</h3>
${table(["after the fault", "step", "what happened"], timelineRows(result.timeline))}
<h3>Mails</h3>
${table(
  ["to", "subject"],
  result.mails.map(({ to, subject }) => [to, subject]),
)}
</article>`;
}

function promiseRows({
  promised,
  deadlineSeconds,
  measured,
  pace,
  dns,
  writes,
  fence,
}: DrillResult) {
  const rpoLimit = promised.rpoSeconds === null ? null : promised.rpoSeconds / pace;
  return [
    ["RTO", span(promised.rtoSeconds), span(deadlineSeconds), span(measured.rtoSeconds)],
    ["  of which waits", "", "", span(measured.waitsSeconds)],
    ["  of which overhead", "", "", span(measured.overheadSeconds)],
    ["RPO", span(promised.rpoSeconds), span(rpoLimit), span(measured.rpoSeconds)],
    ["rows acknowledged / lost", "", "", `${writes.acknowledged} / ${writes.lost}`],
    ["fence", "", "", fence],
    ["DNS", "", dns.before, dns.after],
  ];
}

function timelineRows(timeline: readonly TimelineEntry[]): string[][] {
  const fault = timeline.find(({ step }) => step === "fault") ?? timeline[0];
  const zero = Date.parse(fault?.at ?? "");
  return timeline.map(({ at, step, detail }) => [offset(Date.parse(at) - zero), step, detail]);
}

/** `+1.25 s` */
export const offset = (ms: number) => `${ms < 0 ? "−" : "+"}${(Math.abs(ms) / 1000).toFixed(2)} s`;

const span = (seconds: number | null) => (seconds === null ? "—" : `${+seconds.toFixed(2)} s`);
const text = (value: string) => escapeHtml(value);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]) => row.map((cell) => `<td>${text(cell)}</td>`).join("");
  return `<div class="scroll"><table>
<thead><tr>${head.map((cell) => `<th scope="col">${text(cell)}</th>`).join("")}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${cells(row)}</tr>`).join("\n")}
</tbody></table></div>`;
}
