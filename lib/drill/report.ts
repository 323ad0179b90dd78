import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Html, html, sign } from "./report-html.ts";
import { runSection } from "./report-run.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { span, verdictOf } from "./report-words.ts";
import type { DrillResult } from "./result.ts";

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

const STYLE: Html = { html: REPORT_STYLE };

/**
 * One self-contained page for a phone, a screen and paper. Its own policy forbids scripts and requests,
 * should an escape ever be missing.
 */
export function renderHtml(results: readonly DrillResult[]): string {
  const ok = results.every((result) => result.ok);
  const verdict = verdictOf(results);
  const title = `${verdict.slice(0, 1).toUpperCase()}${verdict.slice(1)}`;
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Drill: ${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1 class="${ok ? "good" : "bad"}">${title}</h1>
<p class="soft">${subtitle(results)}</p>
${results.length > 1 ? overview(results) : html``}
${results.map(runSection)}
</main>
</body>
</html>
`.html
  }`;
}

function subtitle(results: readonly DrillResult[]): string {
  const [first] = results;
  const at = first?.timeline.find(({ step }) => step === "fault")?.at ?? "";
  const runs = results.length === 1 ? "" : `, ${results.length} runs`;
  return `Drill on the local cloud, ${at.slice(0, 19).replace("T", " ")} UTC, pace ${first?.pace ?? 1}${runs}`;
}

/** Many runs: one line each, leading to its section. */
const overview = (results: readonly DrillResult[]): Html =>
  html`<ul class="rows runs">${results.map(
    ({ ok, instance, fault, without, measured }, index) =>
      html`<li>${sign(ok)}<span><a href="#run-${index + 1}">run ${index + 1}: ${instance}, ${[fault, ...without].join(" without ")}</a></span><span>RTO ${span(measured.rtoSeconds)}</span><span>RPO ${span(measured.rpoSeconds)}</span></li>`,
  )}</ul>`;
