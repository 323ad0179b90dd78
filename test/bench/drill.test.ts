import { describe, expect, it, test } from "vitest";
import { labFigure, overheadFigures } from "../../bench/drill/figures.ts";
import { type GoodRun, parseDrillLines } from "../../bench/drill/lines.ts";

const run = (rtoSeconds: number, waitsSeconds: number): GoodRun => ({
  instance: "acme",
  plan: "mintsys",
  fault: "kill",
  pace: 60,
  ok: true,
  measured: { rtoSeconds, waitsSeconds, overheadSeconds: rtoSeconds - waitsSeconds },
});
const line = (changes: object = {}) =>
  JSON.stringify({ ...run(6, 4.75), timeline: [], ...changes });

describe("parseDrillLines", () => {
  it("reads one run a line and leaves the rest of it aside", () => {
    const runs = parseDrillLines(
      `${line()}\n\n${line({ ok: false, measured: { rtoSeconds: null } })}\n`,
    );
    expect(runs.map(({ ok }) => ok)).toEqual([true, false]);
    expect(runs[0]).not.toHaveProperty("timeline");
  });

  it("finds no run in no output", () => {
    expect(parseDrillLines("\n")).toEqual([]);
  });

  test.for([
    ["prose between the lines", `${line()}\nwaiting for the fleet`, /line 2 .*waiting for the/],
    ["a cut-off line", line().slice(0, 40), /line 1 .*expected a JSON object/],
    ["an array", "[]", /line 1 .*expected object/],
    [
      "a run that never came back",
      line({ measured: { rtoSeconds: null } }),
      /measured\.rtoSeconds/,
    ],
  ] as const)("objects to %s", ([, output, expected]) => {
    expect(() => parseDrillLines(output)).toThrow(expected);
  });
});

describe("overheadFigures", () => {
  const figures = overheadFigures([run(5, 4), run(6.5, 4), run(9, 4)]);

  it("holds the median against 2.5 s and the worst against 4 s", () => {
    expect(figures.map(({ value, limit }) => [value, limit])).toEqual([
      [2.5, 2.5],
      [5, 4],
    ]);
  });

  it("shows waits and overhead apart", () => {
    expect(figures[0]?.parts?.[0]).toBe("median RTO 6.50 s; waits 4.00 s, overhead 2.50 s");
    expect(figures[1]?.parts).toEqual(["its RTO 9.00 s - waits 4.00 s"]);
  });
});

describe("labFigure", () => {
  it("holds the whole RTO, waits included, against 4 s", () => {
    expect(labFigure([run(3.5, 3)])).toMatchObject({ value: 3.5, limit: 4 });
  });

  it("stands beside Patroni where that was measured", () => {
    expect(labFigure([run(2.5, 2)], [5.1, 4.9, 5])?.parts?.at(-1)).toBe(
      "0.50 of 5.00 s that Patroni took in this run (5.10 4.90 5.00)",
    );
  });

  it("mentions no peer where there is none", () => {
    expect(labFigure([run(2.5, 2)]).parts?.join()).not.toContain("Patroni");
  });
});
