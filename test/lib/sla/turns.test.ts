import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askTurn, NO_TURNS, type Turns, withoutTurns } from "../../../lib/sla/turns.ts";

const NOW = "2026-11-21T12:00:00.000Z";
const minutes = (count: number) => new Date(Date.parse(NOW) + count * 60_000).toISOString();
const ask = (turns: Turns, instance: string, rtoSeconds: number, now = NOW, atOnce = 2) =>
  askTurn(
    turns,
    { instance, by: `rp-${instance}`, rtoSeconds },
    { now, patienceMs: 1_200_000, atOnce },
  );
const names = (all: Turns["building"]) => all.map(({ instance }) => instance);

/** acme and birch build; cherry (RTO 900 s) and damson (600 s) have asked in vain. */
const busy = [
  ["acme", 900],
  ["birch", 900],
  ["cherry", 900],
  ["damson", 600],
].reduce<Turns>((turns, [id, rto]) => ask(turns, String(id), Number(rto)).turns, NO_TURNS);

describe("turns to build a standby", () => {
  it("are taken while there is room, and waited for in the order of the RTO", () => {
    expect(names(busy.building)).toEqual(["acme", "birch"]);
    expect(names(busy.waiting)).toEqual(["damson", "cherry"]);
  });

  it("are given to the tightest RTO, whoever asks first when one is free", () => {
    const free = withoutTurns(busy, new Set(["rp-acme"]));
    const late = ask(free, "cherry", 900, minutes(5));
    expect(late.ahead).toBe(1);
    expect(ask(late.turns, "damson", 600, minutes(6)).ahead).toBe(0);
  });

  it("say how many go first", () => {
    expect(ask(busy, "elder", 3600).ahead).toBe(3);
    expect(ask(busy, "elder", 60).ahead).toBe(1);
  });

  it("are not kept free for who does not ask any more", () => {
    const free = withoutTurns(busy, new Set(["rp-acme"]));
    expect(ask(free, "cherry", 900, minutes(21)).ahead).toBe(0);
  });

  it("are kept by who has one, however often it asks", () => {
    const again = ask(busy, "acme", 900, minutes(600));
    expect(again.ahead).toBe(0);
    expect(names(again.turns.building).toSorted()).toEqual(["acme", "birch"]);
  });

  it("are never more than the bound, and all come to theirs, in whatever order they ask and end", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(59), { maxLength: 100 }), (asking) => {
        const yard = new Yard();
        asking.forEach((who, index) => {
          yard.ask(who, index / 100);
          if (who % 3 === 0) yard.finish(1);
        });
        for (let round = 1; round <= 10; round += 1) {
          for (let who = 0; who < 60; who += 1) yard.ask(who, 5 * round);
          yard.finish(8);
        }
        expect(yard.built.size).toBe(60);
        expect(yard.most).toBeLessThanOrEqual(8);
      }),
      { numRuns: 20 },
    );
  });
});

/** Sixty instances of a region that has come back. */
class Yard {
  readonly built = new Set<string>();
  most = 0;
  #turns = NO_TURNS;

  ask(who: number, minute: number) {
    const id = `shop-${who}`;
    if (this.built.has(id)) return;
    this.#turns = ask(this.#turns, id, 600 + (who % 7), minutes(minute), 8).turns;
    this.most = Math.max(this.most, this.#turns.building.length);
  }

  finish(count: number) {
    for (const { instance, by } of this.#turns.building.slice(0, count)) {
      this.built.add(instance);
      this.#turns = withoutTurns(this.#turns, new Set([by]));
    }
  }
}
