import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Html, html, sign } from "../page/html.ts";
import { runSection } from "./report-run.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { runName, span, verdictOf } from "./report-words.ts";
import type { DrillResult } from "./result.ts";

export interface ReportFiles {
  readonly html: string;
  readonly json: string;
}

/** From so many runs on each has a page of its own: together they would be too much for a phone. */
const MANY = 7;

/** Writes report.html and report.json into a directory, which is made if need be. */
export async function writeReport(
  directory: string,
  results: readonly DrillResult[],
): Promise<ReportFiles> {
  const files = { html: join(directory, "report.html"), json: join(directory, "report.json") };
  await mkdir(directory, { recursive: true });
  if (results.length < MANY) await writeFile(files.html, renderHtml(results));
  else await writePages(directory, files.html, results);
  const [only] = results;
  const content = results.length === 1 ? only : results;
  await writeFile(files.json, `${JSON.stringify(content, null, 2)}\n`);
  return files;
}

const PAGES = "pages";
const pageOf = (index: number) => `${PAGES}/run-${index + 1}.html`;

async function writePages(
  directory: string,
  overviewFile: string,
  results: readonly DrillResult[],
) {
  await mkdir(join(directory, PAGES), { recursive: true });
  for (const [index, result] of results.entries()) {
    await writeFile(join(directory, pageOf(index)), onePage(result));
  }
  await writeFile(overviewFile, page(results, overview(results, pageOf)));
}

/** A result never changes: each is drawn once, however many follow. */
const drawn = new WeakMap<DrillResult, string>();

function onePage(result: DrillResult): string {
  const known = drawn.get(result) ?? renderHtml([result]);
  drawn.set(result, known);
  return known;
}

const STYLE: Html = { html: REPORT_STYLE };

/**
 * One self-contained page for a phone, a screen and paper. Its own policy forbids scripts and requests,
 * should an escape ever be missing.
 */
export function renderHtml(results: readonly DrillResult[]): string {
  const runs = html`${results.map(runSection)}`;
  if (results.length === 1) return page(results, runs);
  return page(results, html`${[overview(results, (index) => `#run-${index + 1}`), runs]}`);
}

function page(results: readonly DrillResult[], content: Html): string {
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
${content}
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

/** Many runs: one line each, leading to its section or page. */
const overview = (results: readonly DrillResult[], hrefOf: (index: number) => string): Html =>
  html`<ul class="rows runs">${results.map(
    ({ ok, instance, measured, ...run }, index) =>
      html`<li>${sign(ok)}<span><a href="${hrefOf(index)}">run ${index + 1}: ${instance}, ${runName(run)}</a></span><span>RTO ${span(measured.rtoSeconds)}</span><span>RPO ${span(measured.rpoSeconds)}</span></li>`,
  )}</ul>`;
