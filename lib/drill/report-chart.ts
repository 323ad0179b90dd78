import * as Plot from "@observablehq/plot";
import { asImage, blankDocument, SIZES, type Size } from "../page/drawing.ts";
import { type Html, html } from "../page/html.ts";
import { type Chart, chartOf, type Lane, type LaneKind, type Moments } from "./report-lanes.ts";
import { span } from "./report-words.ts";
import type { DrillResult } from "./result.ts";

/** What the marks of one drawing have to know of it. */
interface Sheet {
  readonly size: Size;
  /** In seconds. */
  readonly end: number;
  readonly id: string;
}

const ROW_PX = 40;
const LABEL_PX = 18;
const MARGIN = { top: 18, right: 10, bottom: 26, left: 10 };

/** The timeline as a picture and, for who cannot see it, as a table. */
export function timelineChart(result: DrillResult, index: number): Html {
  const chart = chartOf(result);
  const title = `From the fault to ${span(chart.endMs / 1000)} after it`;
  const drawings = SIZES.map((size) => ({
    html: draw(chart, size, `chart-${index + 1}-${size.name}`, title),
  }));
  return html`<figure class="chart">
${drawings}
<figcaption>${title}. Hatched: a configured wait, divided by ${result.pace}. Filled: work, which took what it takes
on this machine. Dashed: something did not answer.</figcaption>
</figure>
${asTable(chart)}`;
}

function draw(chart: Chart, size: Sheet["size"], id: string, title: string): string {
  const { name, width, font } = size;
  const rows = [...chart.lanes, ...chart.moments].map((_, index) => index);
  const end = chart.endMs / 1000;
  const sheet = { size, end, id };
  const figure = Plot.plot({
    document: blankDocument(),
    width,
    height: rows.length * ROW_PX + MARGIN.top + MARGIN.bottom,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    style: { fontSize: `${font}px`, background: "transparent", color: "var(--ink)" },
    x: { domain: [0, end], label: null, tickFormat: (at: number) => `${at} s`, ticks: width / 90 },
    y: { domain: rows, axis: null, padding: 0 },
    marks: [
      Plot.gridX({ stroke: "var(--line)", strokeOpacity: 1 }),
      ...chart.lanes.flatMap((lane, row) => laneMarks(lane, row, sheet)),
      ...chart.moments.flatMap((each, index) =>
        momentMarks(each, chart.lanes.length + index, sheet),
      ),
      ...deadlineMarks(chart.deadlineMs),
    ],
  });
  return asImage(figure, name, `${title}; the table below says the same`, hatch(id));
}

/** Needs no colour to be told from a filled bar. */
const hatch = (id: string) =>
  `<defs><pattern id="${id}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" fill="var(--tint)"/><rect width="3" height="7" fill="var(--wait)"/></pattern></defs>`;

const LOOKS: Readonly<Record<LaneKind, (id: string) => Plot.BarXOptions>> = {
  wait: (id) => ({ fill: `url(#${id}-hatch)`, stroke: "var(--edge)" }),
  work: () => ({ fill: "var(--work)", stroke: "var(--work)" }),
  gone: () => ({ fill: "none", stroke: "var(--bad)", strokeDasharray: "5 4", strokeWidth: 1.5 }),
  stopped: () => ({ fill: "var(--bad)", stroke: "var(--bad)" }),
  watch: () => ({ fill: "var(--tint)", stroke: "var(--edge)" }),
};

function laneMarks(lane: Lane, row: number, sheet: Sheet): Plot.Markish[] {
  const [x1, x2] = [lane.fromMs / 1000, lane.toMs / 1000];
  const bar = { x1, x2, y: row };
  const box = { insetTop: LABEL_PX + 2, insetBottom: 6, ...LOOKS[lane.kind](sheet.id) };
  return [
    Plot.barX([bar], { x1: "x1", x2: "x2", y: "y", ...box }),
    label(`${span(x2 - x1)} ${lane.kind}: ${lane.name}`, x1, row, sheet),
  ];
}

function momentMarks({ name, atMs }: Moments, row: number, sheet: Sheet): Plot.Markish[] {
  const points = atMs.map((ms) => ({ x: ms / 1000, y: row }));
  const look = {
    fill: "var(--paper)",
    stroke: "var(--ink)",
    strokeWidth: 1.5,
    symbol: "diamond",
  } as const;
  const count = atMs.length === 1 ? "" : `: ${atMs.length}`;
  return [
    Plot.dot(points, { x: "x", y: "y", dy: 7, r: 5, ...look }),
    label(`${name}${count}`, 0, row, sheet),
  ];
}

/** Wide enough for the letters of any sans-serif face, as a share of their size. */
const LETTER = 0.52;

/** Above its bar; one that would leave the drawing ends at its edge instead. */
function label(text: string, x: number, row: number, { end, size }: Sheet): Plot.Markish {
  const room = size.width - MARGIN.left - MARGIN.right;
  const isLate = (x / end) * room + text.length * size.font * LETTER > room;
  return Plot.text([{ x: isLate ? end : x, y: row, text }], {
    x: "x",
    y: "y",
    text: "text",
    textAnchor: isLate ? "end" : "start",
    dy: -ROW_PX / 2 + LABEL_PX / 2 + 1,
    fill: "var(--ink)",
    stroke: "var(--paper)",
    strokeWidth: 4,
  });
}

function deadlineMarks(deadlineMs: number | undefined): Plot.Markish[] {
  if (deadlineMs === undefined) return [];
  const at = deadlineMs / 1000;
  return [
    Plot.ruleX([at], { stroke: "var(--bad)", strokeWidth: 2, strokeDasharray: "2 3" }),
    Plot.text([{ at }], {
      x: "at",
      text: () => `RTO allowed: ${span(at)}`,
      frameAnchor: "top",
      textAnchor: "end",
      dy: -12,
      dx: 6,
      fill: "var(--ink)",
    }),
  ];
}

function asTable({ lanes, moments }: Chart): Html {
  return html`<table class="times">
<thead><tr><th scope="col">Begins</th><th scope="col">Lasts</th><th scope="col">Kind</th><th scope="col">What</th></tr></thead>
<tbody>${lanes.map(
    ({ name, kind, fromMs, toMs }) =>
      html`<tr><td>${seconds(fromMs)}</td><td>${seconds(toMs - fromMs)}</td><td>${kind}</td><td>${name}</td></tr>`,
  )}
${moments.map((each) => momentRow(each))}</tbody>
</table>`;
}

function momentRow({ name, atMs }: Moments): Html {
  const [first = 0, ...others] = atMs;
  const times = others.length === 0 ? "once" : `${atMs.length} times`;
  const last = others.at(-1);
  const until = last === undefined ? "" : `, the last at ${seconds(last)}`;
  return html`<tr><td>${seconds(first)}</td><td>—</td><td>${times}</td><td>${name}${until}</td></tr>`;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
