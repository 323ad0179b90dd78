import { expect, test } from "vitest";
import { badVotes, crowding, isHealthy, lackOf, type Seen } from "../../../lib/drill/health.ts";

const SLOT = "2026-11-22T00:00:15.000Z";
const VANTAGES = ["eu-west-1", "eu-north-1", "eu-south-1"];
const GOOD = { "eu-west-1": "good", "eu-north-1": "good", "eu-south-1": "good" };

const CASES: readonly (readonly [string, Seen | undefined, string])[] = [
  ["nobody has looked", undefined, "acme: no look recorded yet"],
  [
    "one vantage sees it down",
    { votes: { ...GOOD, "eu-north-1": "bad" }, database: "advancing", reason: "timed-out" },
    "acme: eu-north-1 bad (timed-out)",
  ],
  [
    "a vantage was not asked",
    { votes: { "eu-west-1": "good", "eu-south-1": "good" }, database: "advancing" },
    "acme: eu-north-1 silent",
  ],
  [
    "all vantages say the same",
    {
      votes: { "eu-west-1": "bad", "eu-north-1": "bad", "eu-south-1": "bad" },
      database: "silent",
      reason: "refused",
    },
    "acme: every vantage bad, heartbeat silent (refused)",
  ],
  [
    "the heartbeat is not known and a vantage is blind",
    { votes: { ...GOOD, "eu-west-1": "abstains" }, database: "unknown" },
    "acme: eu-west-1 abstains, heartbeat unknown",
  ],
];

test.each(CASES)("%s: unhealthy, and the line says what is lacking", (_, seen, line) => {
  expect(isHealthy(seen, VANTAGES)).toBe(false);
  const looks = seen ? [{ slot: SLOT, instances: { acme: seen } }] : [];
  expect(lackOf("acme", looks, VANTAGES)).toBe(line);
});

test("good from every vantage with an advancing heartbeat is healthy", () => {
  expect(isHealthy({ votes: GOOD, database: "advancing" }, VANTAGES)).toBe(true);
});

test("the newest look at an instance is the one that is told", () => {
  const look = (vote: string) => ({
    slot: SLOT,
    instances: { acme: { votes: { ...GOOD, "eu-west-1": vote }, database: "advancing" } },
  });
  const looks = [look("bad"), look("abstains"), { slot: SLOT, instances: {} }];
  expect(lackOf("acme", looks, VANTAGES)).toBe("acme: eu-west-1 abstains");
});

test("bad votes count for their instance, from the fault on", () => {
  const look = (slot: string, id: string) => ({
    slot,
    instances: { [id]: { votes: { ...GOOD, "eu-west-1": "bad" }, database: "advancing" } },
  });
  const looks = [look("2026-11-22T00:00:00.000Z", "acme"), look(SLOT, "acme"), look(SLOT, "birch")];
  expect(badVotes("acme", looks, Date.parse(SLOT))).toBe(1);
});

test("a machine with more work than cores is blamed, an idle one is not", () => {
  expect(crowding(0.6, 2)).toEqual([]);
  expect(crowding(8.3, 2)[0]).toMatch(/load 8\.3 on 2 cores.*--pace/);
});
