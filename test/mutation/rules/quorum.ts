import type { Mutation } from "../mutation.ts";

const scenario = (title: string) => ({ file: "watch-blindness", title });
const VERDICT = "lib/sla/verdict.ts";
const NOBODY_SEES = scenario("opens no incident when nobody can see: unknown never counts as down");
const TWO_BLIND = {
  file: "failover-refusals",
  title: "stops when two of three vantages are blind",
};

export const QUORUM: readonly Mutation[] = [
  {
    name: "a single vantage suffices",
    file: VERDICT,
    find: "const majority = Math.floor(electorate.size / 2) + 1;",
    replace: "const majority = 1;",
    scenario: scenario("opens no incident when a blind minority sees everything down"),
  },
  {
    name: "a majority of the answers suffices",
    file: VERDICT,
    find: "const electorate = new Set(configured);",
    replace:
      'const electorate = new Set(configured.filter((each) => votes.some(({ vantage, says }) => vantage === each && says !== "abstains")));',
    scenario: NOBODY_SEES,
  },
  {
    name: "a blind vantage counts in the watch",
    file: "functions/watch/observe.ts",
    find: "if (blind || !result) return",
    replace: "if (!result) return",
    scenario: NOBODY_SEES,
  },
  {
    name: "a vantage that does not answer counts as down",
    file: "functions/watch/observe.ts",
    find: 'return () => ({ vantage, says: "abstains" });',
    replace: 'return () => ({ vantage, says: "bad" });',
    scenario: scenario("opens no incident when two vantages do not answer"),
  },
  {
    name: "unknown counts as down in the watch",
    file: "lib/sla/incident.ts",
    find: '    case "unknown":\n      return { state: current, events: [] };',
    replace: '    case "unknown":\n      return afterBad(current, round, rules);',
    scenario: NOBODY_SEES,
  },
  {
    name: "one bad round opens an incident",
    file: "lib/sla/incident.ts",
    find: "if (badRounds < rules.watch.badRounds) {",
    replace: "if (badRounds < 1) {",
    scenario: scenario("opens no incident for fewer bad rounds than the plan asks for"),
  },
  {
    name: "a blind vantage counts in the second look",
    file: "functions/failover/sight.ts",
    find: "const result = answer?.blind ? undefined : answer?.results",
    replace: "const result = answer?.results",
    scenario: TWO_BLIND,
  },
  {
    name: "unknown counts as down in the second look",
    file: "functions/failover/admit.ts",
    find: 'if (verdict === "down" && !isPlanned(request)) return "";',
    replace: 'if (verdict !== "up" && !isPlanned(request)) return "";',
    scenario: TWO_BLIND,
  },
];
