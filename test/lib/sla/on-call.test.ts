import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Calling, chainFor, nextCall, type OnCall } from "../../../lib/sla/on-call.ts";

const MINUTE_MS = 60_000;
const OPENED = "2026-11-22T03:00:00.000Z";
const at = (minute: number) => new Date(Date.parse(OPENED) + minute * MINUTE_MS).toISOString();
const CHAIN: readonly OnCall[] = [
  { contact: "ann@ops.example", afterMinutes: 5 },
  { contact: "bob@ops.example", afterMinutes: 10 },
];
const calling = (...minutes: readonly number[]): Calling => ({
  openedAt: OPENED,
  called: minutes.map((minute, index) => ({
    contact: CHAIN[index % CHAIN.length]?.contact ?? "",
    at: at(minute),
  })),
  over: false,
});

describe("who is called next", () => {
  test.for([
    ["the first, after their minutes", [], "ann@ops.example", 1, 5],
    ["the second, after theirs since the first was called", [5], "bob@ops.example", 2, 15],
    ["the first again, once the chain is at its end", [5, 15], "ann@ops.example", 3, 20],
    ["nobody sooner because a tick came late", [47], "bob@ops.example", 2, 57],
  ] as const)("%s", ([, called, contact, number, minute]) => {
    expect(nextCall(calling(...called), CHAIN, MINUTE_MS)).toEqual({
      ...{ contact, number },
      dueMs: Date.parse(at(minute)),
    });
  });

  it("is nobody where it is over or there is no chain", () => {
    expect(nextCall({ ...calling(5), over: true }, CHAIN, MINUTE_MS)).toBeUndefined();
    expect(nextCall(calling(), [], MINUTE_MS)).toBeUndefined();
  });

  it("comes at the plan's pace, where it sells one", () => {
    const quick = chainFor(CHAIN, { escalateAfterMinutes: 2 });
    expect(quick.map(({ afterMinutes }) => afterMinutes)).toEqual([2, 2]);
    expect(chainFor(CHAIN, {})).toEqual(CHAIN);
    expect(chainFor(undefined, { escalateAfterMinutes: 2 })).toEqual([]);
  });
});

/** Looks once at each of these minutes, and calls who is due; from `overAt` on it is over. */
function night(chain: readonly OnCall[], ticks: readonly number[], overAt: number) {
  let state = calling();
  const calls: { contact: string; number: number; minute: number }[] = [];
  for (const minute of ticks) {
    const next = nextCall({ ...state, over: minute >= overAt }, chain, MINUTE_MS);
    if (!next || Date.parse(at(minute)) < next.dueMs) continue;
    calls.push({ contact: next.contact, number: next.number, minute });
    state = { ...state, called: [...state.called, { contact: next.contact, at: at(minute) }] };
  }
  return calls;
}

const anyChain = fc.array(
  fc.record({
    contact: fc.constantFrom("ann@ops.example", "bob@ops.example", "eve@ops.example"),
    afterMinutes: fc.integer({ min: 1, max: 30 }),
  }),
  { minLength: 1, maxLength: 4 },
);
const anyTicks = fc
  .uniqueArray(fc.integer({ min: 0, max: 600 }), { maxLength: 200 })
  .map((ticks) => ticks.toSorted((a, b) => a - b));

describe("a night of calls, whichever ticks are missed", () => {
  it("calls one after the other, in the chain's order, each after their own minutes at least", () => {
    fc.assert(
      fc.property(anyChain, anyTicks, (chain, ticks) => {
        const calls = night(chain, ticks, Number.POSITIVE_INFINITY);
        let before = 0;
        for (const [index, { contact, number, minute }] of calls.entries()) {
          const turn = chain[index % chain.length];
          expect({ contact, number }).toEqual({ contact: turn?.contact, number: index + 1 });
          expect(minute - before).toBeGreaterThanOrEqual(turn?.afterMinutes ?? 0);
          before = minute;
        }
      }),
    );
  });

  it("calls nobody once it is over", () => {
    fc.assert(
      fc.property(anyChain, anyTicks, fc.integer({ min: 0, max: 600 }), (chain, ticks, overAt) => {
        const late = night(chain, ticks, overAt).filter(({ minute }) => minute >= overAt);
        expect(late).toEqual([]);
      }),
    );
  });

  it("makes up for a call that was due in a tick that was missed, with the next tick", () => {
    fc.assert(
      fc.property(anyChain, fc.integer({ min: 31, max: 600 }), (chain, tick) => {
        expect(night(chain, [tick], Number.POSITIVE_INFINITY)).toHaveLength(1);
      }),
    );
  });

  it("misses nobody while every minute is looked at", () => {
    fc.assert(
      fc.property(anyChain, (chain) => {
        const minutes = Array.from({ length: 200 }, (_, minute) => minute);
        const round = chain.reduce((sum, { afterMinutes }) => sum + afterMinutes, 0);
        const calls = night(chain, minutes, Number.POSITIVE_INFINITY);
        expect(calls.length).toBeGreaterThanOrEqual(Math.floor(199 / round) * chain.length);
      }),
    );
  });
});
