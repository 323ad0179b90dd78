import type { Mutation } from "../mutation.ts";

const scenario = (title: string) => ({ file: "month-settled", title });
const MINUTES = "lib/sla/books/minute-sheet.ts";
const LOOKS = "lib/sla/books/look-sheet.ts";
const BLIND = scenario("knows nothing of minutes in which most vantages were blind");

export const BOOKS: readonly Mutation[] = [
  {
    name: "a good look hides a bad one of the same minute",
    file: MINUTES,
    find: '"excluded", "down", "up", "unobserved"] as const',
    replace: '"excluded", "up", "down", "unobserved"] as const',
    scenario: scenario("counts what was too short for an incident"),
  },
  {
    name: "a minute that nobody saw counts as up",
    file: MINUTES,
    find: 'const state = STATES.find((each) => open[each] > 0) ?? "unobserved";',
    replace: 'const state = STATES.find((each) => open[each] > 0) ?? "up";',
    scenario: BLIND,
  },
  {
    name: "a month is proven whatever nobody saw",
    file: "lib/sla/books/availability.ts",
    find: "return best === heldBy(",
    replace: "return best !== null || best === heldBy(",
    scenario: BLIND,
  },
  {
    name: "a look without a majority counts as up",
    file: LOOKS,
    find: 'return recorded === "up" && counted === "up" ? "up" : "unknown";',
    replace: 'return "up";',
    scenario: BLIND,
  },
  {
    name: "a verdict is believed whatever its votes were",
    file: LOOKS,
    find: 'if (recorded === "down" || counted === "down") return "down";',
    replace: 'if (recorded === "up") return "up";',
    scenario: scenario("is not talked round by somebody who changes verdicts afterwards"),
  },
  {
    name: "a record counts under whatever key it lies",
    file: "functions/report/day-book.ts",
    find: "keys.round(slot, record.shard) !== key || ",
    replace: "",
    scenario: scenario("does not count a good minute again under the key of a bad one"),
  },
];
