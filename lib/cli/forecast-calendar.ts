import { type Html, html } from "../page/html.ts";
import {
  type Day,
  dayName,
  firstDayOfMonth,
  firstDayOfWeek,
  type Month,
  monthName,
  monthOf,
  weekOf,
} from "../sla/backups/calendar.ts";
import type { DayState } from "./forecast-days.ts";

/** Each month as a grid of weeks. */
export function calendarGrids(from: Day, days: number, stateOf: (day: Day) => DayState): Html {
  const [first, last] = [monthOf(from), monthOf(from + days - 1)];
  const months = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return html`<div class="months">${months.map((month) => monthGrid(month, stateOf))}</div>`;
}

const WEEKDAYS = [
  ["Mo", "Monday"],
  ["Tu", "Tuesday"],
  ["We", "Wednesday"],
  ["Th", "Thursday"],
  ["Fr", "Friday"],
  ["Sa", "Saturday"],
  ["Su", "Sunday"],
] as const;

function monthGrid(month: Month, stateOf: (day: Day) => DayState): Html {
  const [first, end] = [firstDayOfMonth(month), firstDayOfMonth(month + 1)];
  const weeks = Array.from(
    { length: weekOf(end - 1) - weekOf(first) + 1 },
    (_, index) => firstDayOfWeek(weekOf(first)) + 7 * index,
  );
  const cell = (day: Day) =>
    day < first || day >= end ? html`<td></td>` : dayCell(day, stateOf(day));
  return html`<table class="month"><caption>${monthName(month)}</caption>
<thead><tr>${WEEKDAYS.map(([short, long]) => html`<th scope="col" abbr="${long}">${short}</th>`)}</tr></thead>
<tbody>${weeks.map(
    (monday) => html`<tr>${WEEKDAYS.map((_, offset) => cell(monday + offset))}</tr>`,
  )}</tbody></table>`;
}

/** Told by shape and words, coloured besides. */
function dayCell(day: Day, state: DayState): Html {
  const number = Number(dayName(day).slice(8));
  switch (state) {
    case "outside":
      return html`<td></td>`;
    case "missed":
      return html`<td class="missed"><s>${number}</s><span class="said"> missed</span></td>`;
    case "gone":
    case "none":
      return html`<td class="${state}">${number}</td>`;
    default:
      return html`<td class="held">${number}<span class="said"> kept${state.kept > 1 ? `: ${state.kept}` : ""}</span>${
        state.kept > 1 ? html`<sup aria-hidden="true">${state.kept}</sup>` : ""
      }</td>`;
  }
}
