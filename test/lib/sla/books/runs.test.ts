import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRuns, writeRuns } from "../../../../lib/sla/books/runs.ts";

const seen = fc.constantFrom("up", "down", "unobserved");
type Seen = "up" | "down" | "unobserved";
const MINUTE_MS = 60_000;

describe("runs of minutes", () => {
  it.each([
    [[], ""],
    [["unobserved", "unobserved"], ""],
    [["up", "up", "down", "up"], "2u1d1u"],
    [["unobserved", "down", "unobserved", "unobserved", "up", "unobserved"], "1-1d2-1u"],
  ] as const)("%j is written %s", (minutes, written) => {
    expect(writeRuns(minutes)).toBe(written);
  });

  it("say what was written, minute by minute", () => {
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 200 }), (minutes) => {
        const read: Seen[] = minutes.map(() => "unobserved");
        for (const { state, fromMs, toMs } of readRuns(writeRuns(minutes), 0)) {
          for (let at = fromMs; at < toMs; at += MINUTE_MS) read[at / MINUTE_MS] = state as Seen;
        }
        expect(read).toEqual(minutes);
      }),
    );
  });

  it.each(["12", "u", "3x", "-1u", "1u 2d"])("refuse '%s'", (runs) => {
    expect(() => [...readRuns(runs, 0)]).toThrow(/are no runs/);
  });
});
