import fc from "fast-check";
import { expect, test } from "vitest";
import { belowThreshold, isBadVisit } from "../../../lib/drill/stumble.ts";
import { judgeRound, type WatchRules } from "../../../lib/sla/incident.ts";
import { UNSEEN, type WatchEvent } from "../../../lib/sla/incident-state.ts";
import { verdictOf } from "../../../lib/sla/verdict.ts";

const LOOKS = 40;
const rulesFor = (badRounds: number): WatchRules => ({
  watch: { everySeconds: 15, badRounds, goodRounds: 2 },
  multiAzWaitMs: 0,
  suspicionExpiresMs: 600_000,
  settleMs: 0,
  mode: "automatic",
  hasStandby: true,
  mayStart: true,
  epoch: 1,
  primary: "home/db",
});

/** What the watch makes of it, its vantages so many visits ahead of each other. */
function eventsOf(badRounds: number, ahead: readonly number[], bad = badRounds - 1): WatchEvent[] {
  const stumble = { ...belowThreshold({ badRounds }), bad };
  const vantages = ahead.map((_, index) => `vantage-${index}`);
  let state = UNSEEN;
  const told: WatchEvent[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    const votes = vantages.map((vantage, index) => {
      const isBad = isBadVisit(stumble, look + (ahead[index] ?? 0));
      return { vantage, says: isBad ? ("bad" as const) : ("good" as const) };
    });
    const slot = new Date(Date.UTC(2026, 10, 22) + look * 15_000).toISOString();
    const verdict = verdictOf(vantages, votes);
    const round = { slot, verdict, database: "advancing", primaryRegionAnswers: true } as const;
    const judged = judgeRound(state, round, rulesFor(badRounds));
    state = judged.state;
    told.push(...judged.events);
  }
  return told;
}

test("a stumble below the threshold opens no incident, however far the vantages are out of step", () => {
  const ahead = fc
    .integer({ min: 1, max: 3 })
    .chain((pairs) =>
      fc.array(fc.nat({ max: 50 }), { minLength: 2 * pairs + 1, maxLength: 2 * pairs + 1 }),
    );
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 6 }), ahead, (badRounds, shifts) => {
      expect(eventsOf(badRounds, shifts)).toEqual([]);
    }),
  );
});

test("one bad answer more opens one", () => {
  const kinds = eventsOf(3, [0, 0, 0], 3).map(({ kind }) => kind);
  expect(kinds).toContain("incident-opened");
});

test("it is as close to the threshold as can be", () => {
  const answers = Array.from({ length: 7 }, (_, visit) =>
    isBadVisit(belowThreshold({ badRounds: 3 }), visit),
  );
  expect(answers).toEqual([true, true, false, false, false, true, true]);
});
