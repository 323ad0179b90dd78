import { createHash } from "node:crypto";
import { type Html, html } from "../../lib/page/html.ts";
import { bars, barWords, dayWords } from "./bars.ts";
import type { Disruption } from "./disruptions.ts";
import { backupSection } from "./page-backups.ts";
import { maintenanceSection } from "./page-maintenance.ts";
import { STATES, sentence } from "./state-words.ts";
import { STATUS_STYLE } from "./style.ts";
import type { Row, View } from "./view.ts";
import { counted, lasting, localTime } from "./words.ts";

/** Where a page's looks come from: an address of its own site, or the page itself, which then stands alone. */
export type Looks = { readonly stylesheet: string } | "inside";

/**
 * One page that needs no script. What comes from the fleet is escaped, and keeps its direction of writing to itself.
 *
 * @param before what only its reader is to see: nothing that is published has any
 */
export function statusPage(view: View, looks: Looks, before: Html = html``): string {
  const title = titleOf(view);
  const now = sentence(view);
  const { provider, audience, at, timezone, everySeconds, silent } = view;
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${audience === "customer" ? html`<meta name="robots" content="noindex">` : html``}
<title>${title}</title>
${head(looks)}
</head>
<body>
<header>
<h1>${audience === "customer" ? html`Your hosting at <bdi>${provider}</bdi>` : html`<bdi>${provider}</bdi>: status`}</h1>
<p class="now ${now.tone}">${now.text}</p>
<p>As of ${time(at, timezone)}, ${timezone}. This page is written again every ${lasting(everySeconds * 1000)} and whenever something changes: if it is much older, it says nothing about now.</p>
${silent.map((region) => html`<p>${region} says nothing just now: of it you see what is known from elsewhere, and what it said last.</p>`)}
</header>
<main>
${before}
<section aria-labelledby="now"><h2 id="now">Now, and the last 90 days</h2>
${LEGEND}
<ul class="things">${view.rows.map((row, index) => thing(row, index, timezone))}</ul></section>
${maintenanceSection(view)}
${pastSection(view)}
${backupSection(view)}
</main>
<footer>${looks === "inside" ? html`` : FEEDS}</footer>
</body>
</html>
`.html
  }`;
}

export const titleOf = ({ provider, audience }: Pick<View, "provider" | "audience">): string =>
  audience === "customer" ? `Your hosting at ${provider}` : `${provider}: status`;

const STYLE: Html = { html: STATUS_STYLE };

function head(looks: Looks): Html {
  if (looks !== "inside") {
    return html`<link rel="stylesheet" href="${looks.stylesheet}">
<link rel="alternate" type="application/atom+xml" title="Disruptions" href="feed.atom">
<link rel="alternate" type="application/feed+json" title="Disruptions" href="feed.json">`;
  }
  const digest = createHash("sha256").update(STATUS_STYLE).digest("base64");
  return html`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'">
<style>${STYLE}</style>`;
}

const swatch = (kind: string, height: number): Html =>
  html`<svg class="days" viewBox="0 0 10 40" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="${kind}" x="0" y="${40 - height}" width="10" height="${height}"></rect></svg>`;

const LEGEND = html`<ul class="legend"><li>${swatch("up", 40)} up</li><li>${swatch("down", 26)} down, for as much of a day</li><li>${swatch("unseen", 8)} not watched</li></ul>`;

const FEEDS = html`<h2>Follow it</h2>
<ul class="feeds"><li><a href="feed.atom">Atom feed</a></li><li><a href="feed.json">JSON feed</a></li><li><a href="maintenance.ics">Calendar of maintenance</a></li><li><a href="status.json">All of this page as JSON</a></li></ul>`;

const time = (at: string, timezone: string): Html =>
  html`<time datetime="${at}">${localTime(at, timezone)}</time>`;

function thing(row: Row, index: number, timezone: string): Html {
  const { tone, mark, one, many } = STATES[row.state];
  const since = row.since === undefined ? html`` : html` since ${time(row.since, timezone)}`;
  const name = row.kind === "region" ? html`Hosting in ${row.name}` : html`<bdi>${row.name}</bdi>`;
  return html`<li><h3 id="thing-${index}">${name}</h3>
<p class="${tone}"><span class="mark" aria-hidden="true">${mark}</span>${row.kind === "region" ? many : one}${since}.</p>
${bars(row.days)}<p class="ends" aria-hidden="true"><span>${counted(row.days.length, "day")} ago</span><span>today</span></p>
<p>${barWords(row.days, row.kind)}</p>${exceptions(row)}</li>`;
}

/** What the bars show by height and colour, to be read. */
function exceptions({ days }: Row): Html {
  const told = days.flatMap((day) => (day.downMs > 0 ? (dayWords(day) ?? []) : [])).toReversed();
  if (told.length === 0) return html``;
  return html`<details><summary>${counted(told.length, "day")} with downtime</summary><ul class="past">${told.map((line) => html`<li>${line}</li>`)}</ul></details>`;
}

/** So many are listed; the feeds have no more either. */
export const MOST_DISRUPTIONS = 50;

/** Of all rows, the newest first. */
export const disruptionsIn = ({ rows }: Pick<View, "rows">) =>
  rows
    .flatMap((row) => row.disruptions.map((disruption) => ({ row, disruption })))
    .toSorted((a, b) => (a.disruption.from < b.disruption.from ? 1 : -1))
    .slice(0, MOST_DISRUPTIONS);

function pastSection(view: View): Html {
  const all = disruptionsIn(view);
  return html`<section aria-labelledby="past"><h2 id="past">Disruptions</h2>
${
  all.length === 0
    ? html`<p>None seen in the last 90 days.</p>`
    : html`<ul class="past">${all.map(({ row, disruption }) => html`<li>${when(disruption, view.timezone)}: ${subject(row, disruption)}</li>`)}</ul>`
}</section>`;
}

function when({ from, to }: Disruption, timezone: string): Html {
  if (to === undefined) return html`<strong>Since ${time(from, timezone)}</strong>`;
  const span = lasting(Date.parse(to) - Date.parse(from));
  return html`${time(from, timezone)} to ${time(to, timezone)} (${span})`;
}

function subject({ kind, name }: Row, { extent, to }: Disruption): Html {
  if (kind === "instance") return html`<bdi>${name}</bdi> ${to === undefined ? "is" : "was"} down`;
  return html`${extent === "all" ? "all" : "some"} in ${name} ${to === undefined ? "are" : "were"} down`;
}
