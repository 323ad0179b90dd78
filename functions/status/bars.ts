import { type Html, html } from "../../lib/page/html.ts";
import type { Day } from "./days.ts";
import { counted, lasting } from "./words.ts";

const WIDTH = 10;
const HEIGHT = 40;
/** A minute of a day would not be seen otherwise. */
const LEAST_BAD = 10;
const UNSEEN = 8;

/** A bar a day, for the eye alone: the words beside it say the same. Those of good days are one shape, as nearly all are. */
export const bars = (days: readonly Day[]): Html =>
  html`<svg class="days" viewBox="0 0 ${days.length * WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false"><path class="up" d="${days.map(whole).join("")}"></path>${days.map(exception)}</svg>`;

const whole = (day: Day, index: number): string =>
  isUnseen(day) ? "" : `M${index * WIDTH + 1} 0h${WIDTH - 2}v${HEIGHT}h${2 - WIDTH}z`;

function exception(day: Day, index: number): Html {
  if (isUnseen(day)) return rect("unseen", index, UNSEEN, day);
  if (day.downMs === 0) return html``;
  const height = Math.max(LEAST_BAD, Math.round((day.downMs / day.spanMs) * HEIGHT));
  return rect("down", index, height, day);
}

const rect = (kind: string, index: number, height: number, day: Day): Html =>
  html`<rect class="${kind}" x="${index * WIDTH + 1}" y="${HEIGHT - height}" width="${WIDTH - 2}" height="${height}"><title>${dayWords(day) ?? ""}</title></rect>`;

const isUnseen = ({ downMs, unseenMs, spanMs }: Day) => downMs === 0 && unseenMs * 2 > spanMs;

/** `2026-11-03: down for 17 minutes`; undefined: up all the time. Less than half a minute that nobody saw says nothing. */
export function dayWords({ date, downMs, unseenMs, spanMs }: Day): string | undefined {
  const parts = [
    ...(downMs > 0 ? [`down for ${lasting(downMs)}`] : []),
    ...(unseenMs >= spanMs && spanMs > 0
      ? ["not watched"]
      : unseenMs >= 30_000
        ? [`not watched for ${lasting(unseenMs)}`]
        : []),
  ];
  return parts.length === 0 ? undefined : `${date}: ${parts.join(", ")}`;
}

/** What the bars show, in a sentence. */
export function barWords(days: readonly Day[], kind: "instance" | "region"): string {
  const down = days.filter(({ downMs }) => downMs > 0);
  const unseen = days.filter(isUnseen).length;
  const watched = unseen === 0 ? "" : ` ${counted(unseen, "day")} without observations.`;
  if (down.length === 0) {
    return `No downtime seen in the last ${counted(days.length, "day")}.${watched}`;
  }
  const sum = down.reduce((all, { downMs }) => all + downMs, 0);
  const mean = kind === "region" ? " on average," : "";
  return `Down for ${lasting(sum)}${mean} on ${down.length} of the last ${counted(days.length, "day")}.${watched}`;
}
