import { Temporal } from "temporal-polyfill";
import { type Html, html, sign } from "../page/html.ts";
import { dayName, ZoneCalendar } from "../sla/backups/calendar.ts";
import type { Clause } from "../sla/backups/clause.ts";
import type { Forecast } from "../sla/backups/forecast.ts";
import type { ReasonedLife } from "../sla/backups/history.ts";
import { PRICES } from "../sla/backups/prices.ts";
import type { Storage } from "../sla/backups/storage.ts";
import type { Backups } from "../sla/plan.ts";
import { lifeBars } from "./forecast-bars.ts";
import { calendarGrids } from "./forecast-calendar.ts";
import { type Asked, dayStates } from "./forecast-days.ts";
import { FORECAST_STYLE } from "./forecast-style.ts";
import { clauseWords, marginWords, worstWords } from "./forecast-words.ts";
import { ALLOWANCE, gb, money } from "./storage-lines.ts";

export interface Shown extends Asked {
  readonly plan: string;
  readonly backups: Backups;
  readonly found: Forecast;
  readonly storage: Storage;
}

const STYLE: Html = { html: FORECAST_STYLE };
/** What a page lists; all of them are in the JSON. */
const MOST = { violations: 12, backups: 200 } as const;

/** One self-contained page for a customer: its own policy forbids scripts and requests. */
export function forecastPage(shown: Shown): string {
  const { plan, found, from, days, timezone, miss } = shown;
  const last = dayName(from + days - 1);
  const title = `Which backups ${plan} holds`;
  const gone = miss.length === 1 ? "1 day is" : `${miss.length} days are`;
  const missed = miss.length === 0 ? "if no backup is missed" : `if ${gone} missed`;
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="soft">Simulated from ${dayName(from)} to ${last}, ${missed}; days are those of ${timezone}.</p>
<p class="${found.ok ? "good" : "bad"}">${sign(found.ok)} ${found.ok ? "The promise is kept all the time." : "The promise is not kept all the time."}</p>
</header>
<main>
${clauseSection(shown)}
${existingSection(shown, last)}
${calendarSection(shown)}
${storageSection(shown)}
</main>
<footer><p>A simulation of what the plan says, not a record of what was done.</p></footer>
</body>
</html>
`.html
  }`;
}

function clauseSection({ found, backups, timezone }: Shown): Html {
  const dateOf = datesIn(timezone);
  const row = (
    clause: Clause,
  ) => html`<tr><td>${sign(clause.ok)}</td><th scope="row">${clause.name}</th>
<td>${clauseWords(clause.name, backups)}</td><td class="whole" data-name="Worst:">${worstWords(clause)}</td>
<td class="whole" data-name="Margin:">${marginWords(clause) || "—"}</td><td class="whole" data-name="On:">${clause.atMs === null ? "—" : dateOf(clause.atMs)}</td></tr>`;
  return html`<section aria-labelledby="promise"><h2 id="promise">What is promised</h2>
<table class="clauses">
<thead><tr><th scope="col"><span class="said">Holds</span></th><th scope="col">Clause</th><th scope="col">Says</th><th scope="col">Worst</th><th scope="col">Margin</th><th scope="col">On</th></tr></thead>
<tbody>${found.clauses.map(row)}</tbody></table>
${violations(found, dateOf)}</section>`;
}

function violations({ violations: all }: Forecast, dateOf: (ms: number) => string): Html {
  if (all.length === 0) return html``;
  return html`<h3>Where it is broken</h3>
<ul>${all
    .slice(0, MOST.violations)
    .map(
      ({ clause, fromMs, toMs, avoidable, detail }) =>
        html`<li>${clause}, ${dateOf(fromMs)} to ${dateOf(toMs)}: ${detail}${avoidable ? "" : "; no deletion could have helped it"}</li>`,
    )}</ul>
${more(all.length, MOST.violations)}`;
}

function existingSection({ found, timezone }: Shown, last: string): Html {
  const live = found.lives.filter(({ removedMs }) => removedMs === undefined).toReversed();
  const row = (life: ReasonedLife) =>
    html`<tr><th scope="row">${localTime(life.takenMs, timezone)}</th><td class="amount">${ageOf(life, found)}</td><td>${life.keptBecause.join(", ")}</td></tr>`;
  return html`<section aria-labelledby="existing"><h2 id="existing">What exists at the end of ${last}</h2>
<p>${live.length} backups, the oldest ${found.oldestDays} days old; never more than ${found.peak} in these ${Math.round((found.untilMs - found.beganMs) / 86_400_000)} days.</p>
<table class="existing">
<thead><tr><th scope="col">Taken</th><th scope="col" class="amount">Days old</th><th scope="col">Stands for</th></tr></thead>
<tbody>${live.slice(0, MOST.backups).map(row)}</tbody></table>
${more(live.length, MOST.backups)}</section>`;
}

const ageOf = ({ takenMs }: ReasonedLife, { untilMs }: Forecast) =>
  Math.floor((untilMs - takenMs) / 86_400_000);

function calendarSection(shown: Shown): Html {
  const { found, from, days } = shown;
  return html`<section aria-labelledby="calendar"><h2 id="calendar">Day by day</h2>
${lifeBars(found.lives, found)}
<h3>Calendar</h3>
<ul class="legend"><li><span class="held">7</span>a backup of that day exists at the end</li>
<li><span class="gone">7</span>taken, and gone since</li><li><span class="none">7</span>none was due</li>
<li><span class="missed"><s>7</s></span>missed</li></ul>
${calendarGrids(from, days, dayStates(shown, found))}</section>`;
}

function storageSection({ storage }: Shown): Html {
  const { sizeGb, dailyChangeGb, places, transferGb, transferDollars, dollars } = storage;
  const row = (name: string, held: number | null, most: number | null, cost: number) =>
    html`<tr><th scope="row">${name}</th><td class="amount" data-name="mean">${held === null ? "—" : gb(held)}</td><td class="amount" data-name="at most">${most === null ? "—" : gb(most)}</td><td class="amount">${money(cost)}</td></tr>`;
  return html`<section aria-labelledby="storage"><h2 id="storage">What it takes and costs</h2>
<p>Estimated for a database of ${gb(sizeGb)} of which ${gb(dailyChangeGb)} change a day, at worst other blocks every day; files are not counted.
Snapshots hold the oldest one whole and of each later one what changed since. ${frozenNote(storage)}</p>
<table class="places">
<thead><tr><th scope="col">Place</th><th scope="col" class="amount">Last 30 days</th><th scope="col" class="amount">At most</th><th scope="col" class="amount">A month</th></tr></thead>
<tbody>${places.map((place) => row(`${place.name}, ${place.medium}`, place.gb, place.mostGb, place.dollars))}
${[row("sent between regions", transferGb, null, transferDollars), row("together", null, null, dollars)]}</tbody></table>
<p>US dollars, prices of ${PRICES.region} of ${PRICES.asOf}. ${ALLOWANCE}</p></section>`;
}

function frozenNote({ places }: Storage): string {
  const frozen = places.find((place) => place.medium === "frozen dumps");
  return frozen ? `A frozen copy is a whole dump a week, kept for ${frozen.days} days.` : "";
}

const more = (all: number, shown: number): Html =>
  all > shown ? html`<p class="soft">and ${all - shown} more</p>` : html``;

function datesIn(timezone: string) {
  const calendar = new ZoneCalendar(timezone);
  return (ms: number) => dayName(calendar.dayOf(ms));
}

const localTime = (ms: number, timezone: string) =>
  Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(timezone)
    .toPlainDateTime()
    .toString()
    .slice(0, 16)
    .replace("T", " ");
