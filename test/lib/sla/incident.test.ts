import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { judgeRound, type Round, type WatchRules } from "../../../lib/sla/incident.ts";
import {
  failoverStarted,
  type InstanceState,
  UNSEEN,
  type WatchEvent,
} from "../../../lib/sla/incident-state.ts";

const RULES: WatchRules = {
  watch: { everySeconds: 15, badRounds: 3, goodRounds: 2 },
  multiAzWaitMs: 0,
  suspicionExpiresMs: 300_000,
  settleMs: 180_000,
  mode: "automatic",
  hasStandby: true,
  mayStart: true,
  epoch: 1,
  primary: "home/db",
};

const slotAt = (index: number) =>
  new Date(Date.UTC(2026, 10, 21, 10) + index * 15_000).toISOString();

type Look = Partial<Omit<Round, "slot">> & { readonly slot?: string };
const UP: Look = { verdict: "up", database: "advancing" };
const HELD = { window: "m1", until: "2026-11-21T11:00:00.000Z" };
const DOWN: Look = { verdict: "down", database: "silent" };
const UNKNOWN: Look = { verdict: "unknown", database: "unknown" };

function watch(looks: readonly (Look | undefined)[], rules: Partial<WatchRules> = {}) {
  const all: WatchEvent[] = [];
  let state: InstanceState = UNSEEN;
  for (const [index, look] of looks.entries()) {
    if (!look) continue;
    const round = { slot: slotAt(index), verdict: "up", database: "unknown", ...look } as const;
    const judged = judgeRound(
      state,
      { primaryRegionAnswers: true, ...round },
      { ...RULES, ...rules },
    );
    state = judged.state;
    all.push(...judged.events);
  }
  return { state, events: all, kinds: all.map(({ kind }) => kind) };
}

describe("opening and closing", () => {
  test.for([
    ["stays quiet while all is well", [UP, UP, UP], []],
    ["stays quiet after two bad rounds", [UP, DOWN, DOWN], []],
    ["opens at the third bad round", [UP, DOWN, DOWN, DOWN], ["incident-opened", "failover-due"]],
    [
      "opens on an instance never seen well",
      [DOWN, DOWN, DOWN],
      ["incident-opened", "failover-due"],
    ],
    ["does not open by unknown rounds", [UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN], []],
    [
      "does not start again after an unknown round",
      [DOWN, UNKNOWN, DOWN, DOWN],
      ["incident-opened", "failover-due"],
    ],
    [
      "takes a skipped slot for an unknown one",
      [DOWN, undefined, undefined, DOWN, DOWN],
      ["incident-opened", "failover-due"],
    ],
    ["starts again after a good round", [DOWN, DOWN, UP, DOWN, DOWN], []],
    [
      "closes at the second good round",
      [DOWN, DOWN, DOWN, UP, UP],
      ["incident-opened", "failover-due", "incident-closed"],
    ],
    [
      "does not close by one good round",
      [DOWN, DOWN, DOWN, UP],
      ["incident-opened", "failover-due"],
    ],
    [
      "keeps counting good rounds across an unknown one",
      [DOWN, DOWN, DOWN, UP, UNKNOWN, UP],
      ["incident-opened", "failover-due", "incident-closed"],
    ],
  ] as const)("%s", ([, looks, expected]) => {
    expect(watch(looks).kinds).toEqual(expected);
  });

  it("tells when it began, when it was last good and when it ended", () => {
    const { events } = watch([UP, DOWN, DOWN, DOWN, UP, UP]);
    expect(events[0]).toEqual({
      kind: "incident-opened",
      incident: "20261121100015000",
      at: slotAt(3),
      firstBadAt: slotAt(1),
      lastGoodAt: slotAt(0),
    });
    expect(events.at(-1)).toEqual({
      kind: "incident-closed",
      incident: "20261121100015000",
      at: slotAt(5),
      firstBadAt: slotAt(1),
      firstGoodAt: slotAt(4),
    });
  });

  it("never opens on an instance that alternates", () => {
    expect(watch(Array.from({ length: 40 }, (_, i) => (i % 2 ? UP : DOWN))).kinds).toEqual([]);
  });

  it("keeps one incident open on an instance that alternates after it opened", () => {
    const flapping = Array.from({ length: 40 }, (_, i) => (i % 2 ? DOWN : UP));
    const { kinds, state } = watch([DOWN, DOWN, DOWN, ...flapping], { hasStandby: false });
    expect(kinds).toEqual(["incident-opened", "no-standby"]);
    expect(state.kind).toBe("down");
  });

  it("forgets a suspicion that nothing confirms for long", () => {
    const late = { ...DOWN, slot: slotAt(100) };
    expect(watch([DOWN, DOWN, late]).state).toMatchObject({ kind: "suspected", badRounds: 1 });
  });

  it("remembers a suspicion as long as the rules say", () => {
    const inTime = { ...DOWN, slot: slotAt(21) };
    expect(watch([DOWN, DOWN, inTime]).kinds).toContain("incident-opened");
  });

  test.for([
    ["the same slot again", 3],
    ["a slot long past", 1],
  ] as const)("changes nothing at %s", ([, index]) => {
    const looks = [DOWN, DOWN, UP, UP];
    const again = { ...DOWN, slot: slotAt(index) };
    expect(watch([...looks, again])).toEqual(watch(looks));
  });
});

describe("what a bad round calls for", () => {
  const OPEN = [UP, DOWN, DOWN, DOWN];
  const last = (looks: readonly Look[], rules?: Partial<WatchRules>) =>
    watch(looks, rules).kinds.at(-1);

  it("repeats that a failover is due until it has been started", () => {
    expect(watch([...OPEN, DOWN]).kinds.slice(1)).toEqual(["failover-due", "failover-due"]);
  });

  it("says no more once the failover of this epoch has been started", () => {
    const state = failoverStarted(watch(OPEN).state, 1);
    const round = { slot: slotAt(4), ...DOWN, primaryRegionAnswers: true } as Round;
    expect(judgeRound(state, round, RULES).events).toEqual([]);
  });

  it("does not complain of a missing standby after its own failover", () => {
    const state = failoverStarted(watch(OPEN).state, 1);
    const round = { slot: slotAt(4), ...DOWN, primaryRegionAnswers: true } as Round;
    expect(judgeRound(state, round, { ...RULES, epoch: 2, hasStandby: false }).events).toEqual([]);
  });

  it("closes after a promotion like after anything else", () => {
    let state = failoverStarted(watch(OPEN).state, 1);
    const kinds = [4, 5].flatMap((index) => {
      const round = { slot: slotAt(index), ...UP, primaryRegionAnswers: true } as Round;
      const judged = judgeRound(state, round, { ...RULES, epoch: 2, hasStandby: false });
      state = judged.state;
      return judged.events.map(({ kind }) => kind);
    });
    expect(kinds).toEqual(["incident-closed"]);
  });

  it("does not believe a start that no incident asked for", () => {
    expect(failoverStarted(UNSEEN, 1)).toBe(UNSEEN);
  });

  test.for([
    [
      "alerts and never promotes while the heartbeat advances",
      { database: "advancing" },
      {},
      "application-down",
    ],
    ["waits while nobody can read the heartbeat", { database: "unknown" }, {}, "incident-opened"],
    [
      "acts on an unreadable heartbeat if the region is gone too",
      { database: "unknown", primaryRegionAnswers: false },
      {},
      "failover-due",
    ],
    ["waits for RDS's own failover", {}, { multiAzWaitMs: 60_000 }, "incident-opened"],
    [
      "does not wait for it in a region that is gone",
      { primaryRegionAnswers: false },
      { multiAzWaitMs: 60_000 },
      "failover-due",
    ],
    ["acts as soon as that wait is over", {}, { multiAzWaitMs: 30_000 }, "failover-due"],
    ["says that nothing stands by", {}, { hasStandby: false }, "no-standby"],
    ["begins where a person approves: the machine asks", {}, { mode: "approval" }, "failover-due"],
    ["only alerts where that is wanted", {}, { mode: "alert-only" }, "failover-withheld"],
    ["only tells when watching in another's stead", {}, { mayStart: false }, "failover-withheld"],
    ["only tells while maintenance holds it back", {}, { held: HELD }, "failover-withheld"],
    [
      "acts in maintenance if the region is gone",
      { primaryRegionAnswers: false },
      { held: HELD },
      "failover-due",
    ],
    [
      "only alerts, maintenance or not, where that is wanted",
      { primaryRegionAnswers: false },
      { held: HELD, mode: "alert-only" },
      "failover-withheld",
    ],
  ] as const)("%s", ([, look, rules, expected]) => {
    const down = { ...DOWN, ...look };
    expect(last([UP, down, down, down], rules)).toBe(expected);
  });

  test.for([
    ["application-down", { database: "advancing" }, {}],
    ["no-standby", {}, { hasStandby: false }],
    ["failover-withheld", {}, { mode: "alert-only" }],
    ["failover-withheld", {}, { held: HELD }],
  ] as const)("tells %s once an incident", ([kind, look, rules]) => {
    const down = { ...DOWN, ...look };
    const { kinds } = watch([down, down, down, down, down], rules);
    expect(kinds).toEqual(["incident-opened", kind]);
  });
});

describe("after a failover of the incident", () => {
  const ALIVE: Look = { verdict: "down", database: "advancing" };
  const moved = (rounds: number) => {
    const { state } = watch([DOWN, DOWN, DOWN]);
    let current = failoverStarted(state, 1);
    const kinds: string[] = [];
    for (let index = 3; index < 3 + rounds; index += 1) {
      const round = { slot: slotAt(index), primaryRegionAnswers: true, ...ALIVE } as Round;
      const judged = judgeRound(current, round, { ...RULES, epoch: 2, hasStandby: false });
      current = judged.state;
      kinds.push(...judged.events.map(({ kind }) => kind));
    }
    return kinds;
  };

  it("gives clients the time to find the new primary before the application is blamed", () => {
    expect(moved(12)).toEqual([]);
  });

  it("blames the application once that time is over", () => {
    expect(moved(14)).toEqual(["application-down"]);
  });
});

describe("after a person has moved the instance during the incident", () => {
  const ALIVE: Look = { verdict: "down", database: "advancing" };

  /** Opened under epoch 1 while nothing could be done, then these looks under epoch 2. */
  function moved(looks: readonly Look[], rules: Partial<WatchRules> = {}) {
    const { state } = watch([DOWN, DOWN, DOWN], { mode: "alert-only" });
    const all: WatchEvent[] = [];
    let current = state;
    for (const [index, look] of looks.entries()) {
      const round = {
        verdict: "up",
        database: "unknown",
        ...look,
        slot: slotAt(3 + index),
      } as const;
      const at = { ...RULES, epoch: 2, primary: "away/db", hasStandby: false, ...rules };
      const judged = judgeRound(current, { primaryRegionAnswers: true, ...round }, at);
      current = judged.state;
      all.push(...judged.events);
    }
    return { state: current, kinds: all.map(({ kind }) => kind) };
  }

  it("clients get the same time to find the new primary, and the application is not blamed", () => {
    expect(moved(Array(12).fill(ALIVE)).kinds).toEqual([]);
  });

  it("the application is blamed once that time is over", () => {
    expect(moved(Array(13).fill(ALIVE)).kinds).toEqual(["application-down"]);
  });

  it("nobody is told that nothing stands by: that is by design until a new one is built", () => {
    expect(moved([DOWN, DOWN, DOWN]).kinds).toEqual([]);
  });

  it("a standby that was given up meanwhile is missed when the primary dies: it is the same primary", () => {
    expect(moved([DOWN], { primary: "home/db" }).kinds).toEqual(["no-standby"]);
  });

  it("a new primary that dies as well is failed over, once something stands by again", () => {
    expect(moved([DOWN], { hasStandby: true }).kinds).toEqual(["failover-due"]);
  });

  it("is remembered as long as the incident, and told apart from a failover of its own", () => {
    const { state } = moved([ALIVE, ALIVE]);
    expect(state).toMatchObject({ openedPrimary: "home/db", seatedAt: slotAt(3) });
    expect(state).not.toHaveProperty("movedAt");
  });
});

describe("laws", () => {
  const anyLook = fc.record({
    verdict: fc.constantFrom<Round["verdict"][]>("up", "down", "unknown"),
    database: fc.constantFrom<Round["database"][]>("advancing", "silent", "unknown"),
    primaryRegionAnswers: fc.boolean(),
  });
  const looks = fc.array(anyLook, { maxLength: 40 });

  it("duplicated invocations change nothing", () => {
    fc.assert(
      fc.property(looks, (all) => {
        const twice = all.flatMap((look, index) => {
          const placed = { ...look, slot: slotAt(index) };
          return [placed, placed];
        });
        const once = all.map((look, index) => ({ ...look, slot: slotAt(index) }));
        expect(watch(twice)).toEqual(watch(once));
      }),
    );
  });

  it("unknown rounds never count as down: without them the events are the same", () => {
    fc.assert(
      fc.property(looks, (all) => {
        const gone = all.map((look) => (look.verdict === "unknown" ? undefined : look));
        expect(watch(gone).events).toEqual(watch(all).events);
      }),
    );
  });

  it("a heartbeat that advances never leads to a failover", () => {
    fc.assert(
      fc.property(looks, (all) => {
        const alive = all.map((look) => ({ ...look, database: "advancing" as const }));
        expect(watch(alive).kinds).not.toContain("failover-due");
      }),
    );
  });

  it("a failover is due only in a round that is down", () => {
    fc.assert(
      fc.property(looks, (all) => {
        const due = watch(all).events.filter(({ kind }) => kind === "failover-due");
        const down = all.flatMap(({ verdict }, index) => (verdict === "down" ? slotAt(index) : []));
        expect(down).toEqual(expect.arrayContaining(due.map(({ at }) => at)));
      }),
    );
  });

  it("incidents open and close in turn", () => {
    fc.assert(
      fc.property(looks, (all) => {
        const turns = watch(all).kinds.filter((kind) => /opened|closed/.test(kind));
        turns.forEach((kind, index) => {
          expect(kind).toBe(index % 2 === 0 ? "incident-opened" : "incident-closed");
        });
      }),
    );
  });

  it("state survives being stored as JSON", () => {
    fc.assert(
      fc.property(looks, (all) => {
        const { state } = watch(all);
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
    );
  });
});
