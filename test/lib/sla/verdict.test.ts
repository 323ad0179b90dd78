import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Vote, verdictOf } from "../../../lib/sla/verdict.ts";

const CONFIGURED = ["eu-west-1", "eu-north-1", "eu-south-1"];
const votes = (...says: (Vote["says"] | "absent")[]): Vote[] =>
  says.flatMap((word, index) =>
    word === "absent" ? [] : [{ vantage: CONFIGURED[index] ?? `stranger-${index}`, says: word }],
  );

describe("verdictOf", () => {
  test.for([
    ["is down when all say so", ["bad", "bad", "bad"], "down"],
    ["is down when two of three say so", ["bad", "good", "bad"], "down"],
    ["is up when two of three say so", ["bad", "good", "good"], "up"],
    ["is unknown when one is bad and two abstain", ["bad", "abstains", "abstains"], "unknown"],
    ["is unknown when one is good and two are absent", ["good", "absent", "absent"], "unknown"],
    ["is unknown when one of each is left", ["bad", "good", "abstains"], "unknown"],
    ["is unknown when nobody answers", [], "unknown"],
    ["ignores whom nobody configured", ["bad", "absent", "absent", "bad", "bad"], "unknown"],
  ] as const)("%s", ([, says, expected]) => {
    expect(verdictOf(CONFIGURED, votes(...says))).toBe(expected);
  });

  it("counts a vantage that says two things for nobody", () => {
    const contradiction = votes("bad", "bad").concat(votes("good"));
    expect(verdictOf(CONFIGURED, contradiction)).toBe("unknown");
  });

  it("counts a vantage that repeats itself once", () => {
    expect(verdictOf(CONFIGURED, [...votes("bad"), ...votes("bad")])).toBe("unknown");
  });

  it("says nothing without vantages", () => {
    expect(verdictOf([], [])).toBe("unknown");
  });

  const anyVantages = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 9 });
  const anyWord = fc.constantFrom<Vote["says"][]>("good", "bad", "abstains");

  it("never turns down by a minority, whatever the rest says or leaves unsaid", () => {
    const anyRest = fc.array(
      fc.constantFrom<(Vote["says"] | "absent")[]>("good", "abstains", "absent"),
      {
        minLength: 9,
      },
    );
    fc.assert(
      fc.property(anyVantages, anyRest, (all, rest) => {
        const minority = Math.ceil(all.length / 2) - 1;
        const blind = all.slice(0, minority).map((vantage): Vote => ({ vantage, says: "bad" }));
        const others = all.slice(minority).flatMap((vantage, index): Vote[] => {
          const says = rest[index] ?? "absent";
          return says === "absent" ? [] : [{ vantage, says }];
        });
        expect(verdictOf(all, [...blind, ...others])).not.toBe("down");
      }),
    );
  });

  it("is the mirror of itself: good and bad exchanged exchange up and down", () => {
    const mirror = { good: "bad", bad: "good", abstains: "abstains" } as const;
    const mirrored = { up: "down", down: "up", unknown: "unknown" } as const;
    fc.assert(
      fc.property(anyVantages, fc.array(anyWord, { maxLength: 9 }), (all, words) => {
        const cast = words.map((says, index) => ({ vantage: all[index % all.length] ?? "", says }));
        const other = cast.map(({ vantage, says }) => ({ vantage, says: mirror[says] }));
        expect(verdictOf(all, other)).toBe(mirrored[verdictOf(all, cast)]);
      }),
    );
  });

  it("never becomes better by another bad vote", () => {
    const rank = { down: 0, unknown: 1, up: 2 } as const;
    fc.assert(
      fc.property(anyVantages, fc.array(anyWord, { maxLength: 9 }), (all, words) => {
        const cast = all.flatMap((vantage, i) => (words[i] ? [{ vantage, says: words[i] }] : []));
        const silent = all[cast.length];
        fc.pre(silent !== undefined);
        const more = [...cast, { vantage: silent, says: "bad" } as const];
        expect(rank[verdictOf(all, more)]).toBeLessThanOrEqual(rank[verdictOf(all, cast)]);
      }),
    );
  });
});
