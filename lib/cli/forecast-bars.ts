import * as Plot from "@observablehq/plot";
import { asImage, blankDocument, SIZES, type Size } from "../page/drawing.ts";
import { type Html, html } from "../page/html.ts";
import type { ReasonedLife } from "../sla/backups/history.ts";
import { type Stands, standsOf } from "./forecast-words.ts";

interface Span {
  readonly beganMs: number;
  readonly untilMs: number;
}

/** More lines than this are a page of megabytes, and a black area. */
const MOST = 1500;
const DAY_MS = 86_400_000;

const LOOKS: Readonly<Record<Stands, Plot.RuleYOptions>> = {
  day: { stroke: "var(--edge)", strokeWidth: 1 },
  week: { stroke: "var(--work)", strokeWidth: 2 },
  month: { stroke: "var(--good)", strokeWidth: 3.5 },
};

/** Each backup as a line from when it was taken to when it went. */
export function lifeBars(lives: readonly ReasonedLife[], span: Span): Html {
  const shown = drawn(lives, span);
  const label = "Each backup as a line over time; the tables say which exist at the end";
  const drawings = SIZES.map((size) => ({ html: draw(shown, span, size, label) }));
  return html`<figure class="chart">
${drawings}
<figcaption>A line for each backup, from the day it was taken to the day it went, the first at the top. Thin: it stood for a day
in the end; thicker: for a week; thickest: for a month.${leftOut(lives, shown, span)}</figcaption>
</figure>`;
}

const lasting = ({ takenMs, removedMs }: ReasonedLife, { untilMs }: Span) =>
  (removedMs ?? untilMs) - takenMs;

/** The longest; of those that lasted alike all or none, so that nothing seems to begin or end where the lines do. */
function drawn(lives: readonly ReasonedLife[], span: Span): readonly ReasonedLife[] {
  if (lives.length <= MOST) return lives;
  const longestFirst = lives
    .map((life) => lasting(life, span))
    .toSorted((one, other) => other - one);
  const most = longestFirst[MOST] ?? 0;
  return lives.filter((life) => lasting(life, span) > most);
}

function leftOut(
  lives: readonly ReasonedLife[],
  shown: readonly ReasonedLife[],
  span: Span,
): string {
  if (shown.length === lives.length) return "";
  const least = Math.min(...shown.map((life) => lasting(life, span))) / DAY_MS;
  return ` Not drawn: ${lives.length - shown.length} that were there for less than ${least.toFixed(1)} days.`;
}

function draw(lives: readonly ReasonedLife[], span: Span, size: Size, label: string): string {
  const { name, width, font } = size;
  const points = lives.map((life) => ({
    y: life.takenMs,
    kind: standsOf(life),
    x1: new Date(Math.max(life.takenMs, span.beganMs)),
    x2: new Date(life.removedMs ?? span.untilMs),
  }));
  const figure = Plot.plot({
    document: blankDocument(),
    width,
    height: Math.max(120, Math.min(460, lives.length * 8 + 60)),
    marginLeft: 14,
    marginRight: 16,
    marginBottom: 40,
    style: { fontSize: `${font}px`, background: "transparent", color: "var(--ink)" },
    x: {
      type: "utc",
      domain: [new Date(span.beganMs), new Date(span.untilMs)],
      label: null,
      ticks: Math.floor(width / 110),
    },
    y: { domain: [span.untilMs, span.beganMs], axis: null },
    marks: [
      Plot.gridX({ stroke: "var(--line)", strokeOpacity: 1 }),
      ...(["day", "week", "month"] as const).map((kind) =>
        Plot.ruleY(
          points.filter((point) => point.kind === kind),
          { y: "y", x1: "x1", x2: "x2", ...LOOKS[kind] },
        ),
      ),
    ],
  });
  return asImage(figure, name, label);
}
