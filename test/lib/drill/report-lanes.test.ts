import { describe, expect, test } from "vitest";
import { awsParts } from "../../../lib/drill/report-aws.ts";
import { chartOf } from "../../../lib/drill/report-lanes.ts";
import {
  alert,
  broken,
  byFlag,
  failover,
  halted,
  recovered,
  regionLost,
  thereAndBack,
  withoutMail,
} from "./results.ts";

const kinds = (result: Parameters<typeof chartOf>[0]) =>
  chartOf(result).lanes.map(({ kind }) => kind);

describe("the chart of a run", () => {
  test("of a failover is its phases, one after the other without a gap", () => {
    const { lanes } = chartOf(failover());
    expect(kinds(failover())).toEqual(["wait", "work", "work", "work", "work", "wait"]);
    for (const [index, lane] of lanes.entries()) {
      expect(lane.fromMs).toBe(index === 0 ? 0 : lanes[index - 1]?.toMs);
    }
    expect(lanes.at(-1)?.toMs).toBe(5000);
  });

  test("shows what did not answer, until it answered again or to the end", () => {
    const { lanes, endMs } = chartOf(withoutMail());
    expect(lanes.slice(0, 2)).toEqual([
      { name: "the API of sns does not answer", kind: "gone", fromMs: 5, toMs: 6100 },
      { name: "the vantage eu-south-1 does not answer", kind: "gone", fromMs: 6, toMs: endMs },
    ]);
  });

  test("of a halt ends where the workflow stopped", () => {
    expect(chartOf(halted()).lanes.at(-1)).toEqual({
      name: "the failover stops: HaltBehind",
      kind: "stopped",
      fromMs: 8000,
      toMs: 9000,
    });
  });

  test("of a run in which nothing may move is how long it looked on", () => {
    expect(kinds(alert())).toEqual(["watch"]);
  });

  test("of a lost region reaches to the fence that was owed", () => {
    const { lanes, endMs } = chartOf(regionLost());
    expect(lanes.slice(-2)).toEqual([
      { name: "the home region is away", kind: "gone", fromMs: 0, toMs: 9000 },
      { name: "the old primary is back, not fenced yet", kind: "work", fromMs: 9000, toMs: 9550 },
    ]);
    expect(endMs).toBe(10_000);
    const unpaid = (regionLost().instances ?? []).map((each) => ({
      ...each,
      fencePaidSeconds: null,
    }));
    expect(chartOf(regionLost({ instances: unpaid })).lanes.at(-1)?.kind).toBe("gone");
  });

  test("of a recovery begins with whoever had to be told", () => {
    const { lanes } = chartOf(recovered());
    expect(lanes.map(({ kind, fromMs }) => [kind, fromMs])).toEqual([
      ["wait", 0],
      ["work", 34_200],
      ["work", 40_000],
      ["work", 42_000],
      ["wait", 43_000],
    ]);
    expect(lanes[1]?.name).toBe("restored, logins reset, examined");
  });

  test("goes on to the new standby and the way home", () => {
    const { lanes, endMs } = chartOf(thereAndBack());
    expect(lanes.slice(-2)).toEqual([
      { name: "a new standby is built and streams", kind: "work", fromMs: 6100, toMs: 15_100 },
      { name: "planned failover home", kind: "work", fromMs: 15_100, toMs: 16_700 },
    ]);
    expect(endMs).toBe(16_700);
  });

  test("has the limit in it only if it reaches so far", () => {
    expect(chartOf(failover()).deadlineMs).toBeUndefined();
    expect(chartOf(broken()).deadlineMs).toBe(30_000);
  });

  test("does not grow with what happens long after clients write again", () => {
    const { timeline } = failover();
    const later = { ...timeline.at(-1), at: "2026-11-21T21:05:00.000Z", step: "mail" } as const;
    const result = failover({ timeline: [...timeline, { ...later, detail: "a mail" }] });
    expect(chartOf(result).endMs).toBe(7000);
  });
});

describe("the same run on AWS", () => {
  const sum = (parts: ReturnType<typeof awsParts>, of: "here" | "least" | "most") =>
    parts.reduce((total, part) => total + part[of], 0);

  test("takes configured waits undivided, work as measured, and what AWS publishes", () => {
    const parts = awsParts(failover());
    expect(sum(parts, "here")).toBeCloseTo(5);
    // 225 s to notice, 60 s to propagate, 60 s of TTL, 1.6 s of work, 3 to 12 minutes of promotion.
    expect(sum(parts, "least")).toBeCloseTo(225 + 60 + 60 + 1.6 + 180);
    expect(sum(parts, "most")).toBeCloseTo(225 + 60 + 60 + 1.6 + 720);
  });

  test("is led over by a flag in three looks of a check instead", () => {
    const [flip] = awsParts(byFlag()).filter(({ because }) => /STOP check/.test(because));
    expect(flip?.least).toBeCloseTo(30 + 0.25);
  });

  test("is not told where no client wrote again", () => {
    expect([alert(), halted(), broken()].flatMap(awsParts)).toEqual([]);
  });

  test("is not told of a restore, which takes as long as the data are large", () => {
    expect(awsParts(recovered())).toEqual([]);
  });
});
