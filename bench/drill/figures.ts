import { amount, type Figure, median, ratio, worst } from "../print.ts";
import type { GoodRun } from "./lines.ts";

const OVERHEAD = { medianSeconds: 2.5, worstSeconds: 4 };
const LAB_MEDIAN_SECONDS = 4;

/** Kill to first acknowledged write, less the configured waits. Throws RangeError without runs. */
export function overheadFigures(runs: readonly GoodRun[]): Figure[] {
  const middle = runs.map(({ measured }) => measured.overheadSeconds);
  return [
    {
      what: `overhead, median of ${runs.length}`,
      value: median(middle),
      unit: "s",
      limit: OVERHEAD.medianSeconds,
      parts: [`median RTO ${partsOf(runs)}`, `each ${list(middle)}`],
    },
    {
      what: `overhead, worst of ${runs.length}`,
      value: worst(middle),
      unit: "s",
      limit: OVERHEAD.worstSeconds,
      parts: [slowest(runs)],
    },
  ];
}

/** Kill to first acknowledged write with nothing divided, beside a peer's seconds if there are any. */
export function labFigure(runs: readonly GoodRun[], peer?: readonly number[]): Figure {
  const seconds = runs.map(({ measured }) => measured.rtoSeconds);
  const value = median(seconds);
  const compared = peer && [
    `${ratio(value, median(peer), "s")} that Patroni took in this run (${list(peer)})`,
  ];
  return {
    what: `kill to write, median of ${runs.length}`,
    value,
    unit: "s",
    limit: LAB_MEDIAN_SECONDS,
    parts: [`median RTO ${partsOf(runs)}`, `each ${list(seconds)}`, ...(compared ?? [])],
  };
}

function partsOf(runs: readonly GoodRun[]): string {
  const middle = (part: "rtoSeconds" | "waitsSeconds" | "overheadSeconds") =>
    amount(median(runs.map(({ measured }) => measured[part])), "s");
  return `${middle("rtoSeconds")}; waits ${middle("waitsSeconds")}, overhead ${middle("overheadSeconds")}`;
}

function slowest(runs: readonly GoodRun[]): string {
  const sorted = runs.toSorted((a, b) => b.measured.overheadSeconds - a.measured.overheadSeconds);
  const { rtoSeconds = 0, waitsSeconds = 0 } = sorted[0]?.measured ?? {};
  return `its RTO ${amount(rtoSeconds, "s")} - waits ${amount(waitsSeconds, "s")}`;
}

const list = (values: readonly number[]) => values.map((each) => each.toFixed(2)).join(" ");
