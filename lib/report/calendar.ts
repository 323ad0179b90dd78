import * as Plot from "@observablehq/plot";
import { asImage, blankDocument, SIZES, type Size } from "../page/drawing.ts";
import { type Html, html } from "../page/html.ts";
import { daysNotUp, type Hour, hoursOf, worstOf } from "../sla/books/hours.ts";
import type { Run } from "../sla/books/minute-runs.ts";
import type { MinuteState } from "../sla/books/minute-sheet.ts";
import { hatch, LOOKS } from "./looks.ts";
import type { Speaker } from "./speaker.ts";

/** Drawn over what is up all hour. */
const MARKED = ["maintenance", "excluded", "unobserved", "down"] as const;
const DETAILS = ["down", "unobserved", "maintenance", "excluded"] as const;
const ROW_PX = { wide: 19, narrow: 17 } as const;

/** The minutes of a month: a row a day, a column an hour; and as a table what of it was not up. */
export function calendarOf(runs: readonly Run[], timezone: string, speaker: Speaker): Html {
  const hours = hoursOf(runs, timezone);
  if (hours.length === 0) return html``;
  const drawings = SIZES.map((size) => ({ html: draw(hours, size, speaker) }));
  const shown = (["up", ...DETAILS] as const).filter((state) =>
    hours.some((hour) => worstOf(hour) === state),
  );
  return html`<figure class="chart">
<ul class="legend">${shown.map((state) => html`<li>${swatch(state)}${speaker.say(LOOKS[state].name)}</li>`)}</ul>
${drawings}
<figcaption>${speaker.say("calendarCaption", { timezone })}</figcaption>
</figure>
${daysTable(hours, speaker)}`;
}

function swatch(state: MinuteState): Html {
  const { fill, stroke, dash } = LOOKS[state];
  const id = `legend-${state}`;
  const box = `<rect x="1" y="1" width="16" height="14" fill="${fill(id)}" stroke="${stroke}" stroke-dasharray="${dash ?? "none"}"/>`;
  const defined = state === "unobserved" ? hatch(id) : "";
  return { html: `<svg width="18" height="16" aria-hidden="true">${defined}${box}</svg>` };
}

function draw(hours: readonly Hour[], size: Size, speaker: Speaker): string {
  const { name, width, font } = size;
  const days = [...new Set(hours.map(({ day }) => day))];
  const id = `hatch-${name}`;
  const isWide = name === "wide";
  const dayText = (day: string) => (isWide ? speaker.day(day) : String(Number(day.slice(8))));
  const figure = Plot.plot({
    document: blankDocument(),
    width,
    height: days.length * ROW_PX[name] + 40,
    ...{ marginTop: 24, marginBottom: 16, marginLeft: isWide ? 96 : 22, marginRight: 8 },
    style: { fontSize: `${font}px`, background: "transparent", color: "var(--ink)" },
    x: { domain: [0, 24], axis: null },
    y: { domain: days, axis: null, padding: 0.12 },
    marks: [
      Plot.axisX({ anchor: "top", ticks: isWide ? 24 : 8, label: null, tickFormat: String }),
      Plot.axisY({ label: null, tickSize: 0, tickFormat: dayText }),
      Plot.barX(upRuns(hours), { x1: "x1", x2: "x2", y: "day", fill: LOOKS.up.fill(id) }),
      ...MARKED.flatMap((state) => cells(hours, state, id, isWide ? 11 : 8)),
    ],
  });
  return asImage(figure, name, speaker.say("calendarLabel"), hatch(id));
}

/** Neighbouring hours of a day that were up throughout are one bar. */
function upRuns(hours: readonly Hour[]) {
  const bars: { day: string; x1: number; x2: number }[] = [];
  for (const hour of hours.filter((each) => worstOf(each) === "up")) {
    const last = bars.at(-1);
    if (last?.day === hour.day && last.x2 === hour.hour) last.x2 += 1;
    else bars.push({ day: hour.day, x1: hour.hour, x2: hour.hour + 1 });
  }
  return bars;
}

function cells(
  hours: readonly Hour[],
  state: MinuteState,
  id: string,
  fontSize: number,
): Plot.Markish[] {
  const { fill, stroke, dash, ink } = LOOKS[state];
  const found = hours
    .filter((hour) => worstOf(hour) === state)
    .map(({ day, hour, minutes }) => ({
      ...{ day, x1: hour, x2: hour + 1, middle: hour + 0.5 },
      text: isWhole(minutes, state) && state !== "down" ? "" : String(minutes[state]),
    }));
  if (found.length === 0) return [];
  const box = { x1: "x1", x2: "x2", y: "day", insetLeft: 1, insetRight: 1 } as const;
  const look = { fill: fill(id), stroke, ...(dash !== undefined && { strokeDasharray: dash }) };
  const halo = state === "down" ? {} : { stroke: "var(--paper)", strokeWidth: 3 };
  return [
    Plot.barX(found, { ...box, ...look }),
    Plot.text(
      found.filter(({ text }) => text !== ""),
      { x: "middle", y: "day", text: "text", fill: ink, fontSize, ...halo },
    ),
  ];
}

const isWhole = (minutes: Hour["minutes"], state: MinuteState) =>
  DETAILS.every((each) => each === state || minutes[each] === 0) && minutes.up === 0;

function daysTable(hours: readonly Hour[], speaker: Speaker): Html {
  const { say, number } = speaker;
  const days = daysNotUp(hours);
  const others = new Set(hours.map(({ day }) => day)).size - days.length;
  if (days.length === 0) return html`<p>${say("allUp")}</p>`;
  const states = DETAILS.filter((state) => days.some(({ minutes }) => minutes[state] > 0));
  const head = states.map(
    (state) => html`<th scope="col" class="amount">${say(LOOKS[state].name)}</th>`,
  );
  const row = ({ day, minutes }: (typeof days)[number]) =>
    html`<tr><th scope="row">${speaker.day(day)}</th>${states.map(
      (state) =>
        html`<td class="amount${minutes[state] === 0 ? " zero" : ""}" data-name="${say(LOOKS[state].name)}">${number(minutes[state])}</td>`,
    )}</tr>`;
  return html`<table class="stacked">
<thead><tr><th scope="col">${say("day")}</th>${head}</tr></thead>
<tbody>${days.map(row)}</tbody></table>
<p class="soft">${say("minutesUnit")} ${others > 0 ? say("otherDays", { n: others }) : ""}</p>`;
}
